#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::k8s_client {

/// Limit for a kubeconfig and for files that it names, in bytes.
inline constexpr std::size_t kMaxConfigFileBytes = 4UL * 1024 * 1024;

/// Reads a regular file; follows symbolic links. An error names the path, and has the errno of open(2) or read(2):
/// ENOENT if there is no such file; 0 for a file that is too large or not regular.
[[nodiscard]] Result<std::string> read_config_file(const std::string& path);

/// Reads a bearer token, without surrounding white space.
[[nodiscard]] Result<std::string> read_token_file(const std::string& path);

/// Whether this fits into an Authorization header: visible ASCII, at least one character.
[[nodiscard]] bool is_token(std::string_view text);

/// `path` as an absolute path; a relative one starts at the folder of `file`, which names it.
[[nodiscard]] std::string resolve_path(const std::string& file, const std::string& path);

}  // namespace selvage::k8s_client

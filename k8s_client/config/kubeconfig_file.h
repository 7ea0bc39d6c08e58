#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace selvage::k8s_client {

/// Most bytes that a kubeconfig, or a file that it names, may have.
inline constexpr std::size_t kMaxConfigFileBytes = 4UL * 1024 * 1024;

/// All of a regular file; a symbolic link is followed. An error names the path, and its code is open(2)'s
/// or read(2)'s errno: ENOENT where there is no such file; 0 for a file that is too large or none.
[[nodiscard]] Result<std::string> read_config_file(const std::string& path);

/// A bearer token from its file, without the white space around it.
[[nodiscard]] Result<std::string> read_token_file(const std::string& path);

/// Whether this can stand in an Authorization header: visible ASCII, at least one character.
[[nodiscard]] bool is_token(std::string_view text);

/// `path` as an absolute one; a relative one counts from the folder of `file`, which names it.
[[nodiscard]] std::string resolve_path(const std::string& file, const std::string& path);

}  // namespace selvage::k8s_client

#include "k8s_client/config/kubeconfig_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "base/unique_fd.h"

namespace selvage::k8s_client {
namespace {

/// All bytes, but at most one more than kMaxConfigFileBytes, which shows that there are too many.
Result<std::string> read_all(int fd, const std::string& path) {
  std::string text;
  std::array<char, 65536> block;
  while (text.size() <= kMaxConfigFileBytes) {
    const ssize_t count = ::read(fd, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(path + " cannot be read", errno);
    if (count == 0) break;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace

Result<std::string> read_config_file(const std::string& path) {
  // Non-blocking, so that a FIFO with such a name cannot block everything.
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return fail_errno(path + " cannot be opened", errno);
  struct stat status {};
  if (fstat(fd.get(), &status) != 0) return fail_errno(path + " cannot be read", errno);
  if (S_ISDIR(status.st_mode)) return fail(path + " is a folder; name a file");
  if (!S_ISREG(status.st_mode)) return fail(path + " is not a regular file");
  auto text = read_all(fd.get(), path);
  if (text && text->size() > kMaxConfigFileBytes) return fail(path + " is larger than 4 MiB");
  return text;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

Result<std::string> read_token_file(const std::string& path) {
  const auto text = read_config_file(path);
  if (!text) return text;
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const std::size_t first = text->find_first_not_of(kSpace);
  if (first == std::string::npos) return fail(path + " is empty; a token belongs there");
  const std::string token = text->substr(first, text->find_last_not_of(kSpace) - first + 1);
  if (!is_token(token)) return fail(path + " holds no token: a token is one word of visible ASCII characters");
  return token;
}

std::string resolve_path(const std::string& file, const std::string& path) {
  std::error_code ignored;
  const auto folder = std::filesystem::absolute(file, ignored).parent_path();
  return (folder / path).lexically_normal().string();
}

}  // namespace selvage::k8s_client

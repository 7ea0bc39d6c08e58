#include "controller/agent/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "base/unique_fd.h"

namespace selvage::controller {

Result<void> notify_service_manager(std::string_view state) {
  const char* place = std::getenv("NOTIFY_SOCKET");
  if (place == nullptr || *place == '\0') return {};
  const std::string path = place;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return fail_errno("NOTIFY_SOCKET", ENAMETOOLONG);
  path.copy(address.sun_path, path.size());
  // sd_notify(3) writes names in the abstract namespace as "@NAME".
  if (path.front() == '@') address.sun_path[0] = '\0';
  const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return fail_errno("socket", errno);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const auto sent = ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), size);
  if (sent < 0) return fail_errno("NOTIFY_SOCKET " + path, errno);
  return {};
}

}  // namespace selvage::controller

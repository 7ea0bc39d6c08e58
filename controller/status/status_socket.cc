#include "controller/status/status_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>

#include "base/clock.h"

namespace selvage::controller {
namespace {

constexpr int kBacklog = 16;
constexpr int kMaxAtOnce = 16;
constexpr std::chrono::seconds kPatience{5};

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) return std::nullopt;
  path.copy(address.sun_path, path.size());
  return address;
}

const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

Result<UniqueFd> unix_socket(const std::string& path, int flags) {
  if (!address_of(path)) return fail("not a socket path of 1 to 107 bytes: \"" + path + "\"", ENAMETOOLONG);
  UniqueFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0));
  if (!fd) return fail_errno("socket", errno);
  return fd;
}

/// Does not wait: EAGAIN where the listener's backlog is full.
Result<UniqueFd> connect_to(const std::string& path) {
  auto fd = unix_socket(path, SOCK_NONBLOCK);
  if (!fd) return fd;
  const sockaddr_un address = *address_of(path);
  if (connect(fd->get(), generic(address), sizeof address) != 0) return fail_errno(path, errno);
  return fd;
}

/// Creates the folder of the path, if it is missing, with mode 0700.
void make_folder(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) mkdir(path.substr(0, slash).c_str(), S_IRWXU);
}

/// Removes a socket that an agent has left behind.
Result<void> make_room(const std::string& path) {
  struct stat found {};
  if (lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode))
    return fail(path + " exists and is not a socket: remove it or choose another path", EADDRINUSE);
  const auto answer = connect_to(path);
  if (answer || answer.error().code == EAGAIN) return fail(path + ": another agent listens on it", EADDRINUSE);
  if (unlink(path.c_str()) != 0) return fail_errno("removing " + path, errno);
  return {};
}

/// Sends what fits into the socket's buffer at once, as a rule the whole answer; there is no retry.
void send_answer(const UniqueFd& client, const std::string& answer) {
  // A buffer over the system's limit needs CAP_NET_ADMIN.
  const int room = static_cast<int>(2 * answer.size() + 65'536);
  if (setsockopt(client.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room) != 0) {
    setsockopt(client.get(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  }
  [[maybe_unused]] const auto sent = send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
}

}  // namespace

Result<std::unique_ptr<StatusSocket>> StatusSocket::open(const std::string& path) {
  auto fd = unix_socket(path, SOCK_NONBLOCK);
  if (!fd) return tl::unexpected(fd.error());
  make_folder(path);
  if (const auto room = make_room(path); !room) return tl::unexpected(room.error());
  // A socket's file gets the mode of its descriptor when it is bound, so no other user can connect before.
  if (fchmod(fd->get(), S_IRUSR | S_IWUSR) != 0) return fail_errno("fchmod", errno);
  const sockaddr_un address = *address_of(path);
  if (bind(fd->get(), generic(address), sizeof address) != 0) return fail_errno(path, errno);
  if (listen(fd->get(), kBacklog) != 0) return fail_errno(path, errno);
  return std::unique_ptr<StatusSocket>(new StatusSocket(std::move(*fd), path));
}

StatusSocket::~StatusSocket() { unlink(path_.c_str()); }

void StatusSocket::answer(const std::function<std::string()>& text) const {
  std::optional<std::string> answer;
  for (int i = 0; i < kMaxAtOnce; ++i) {
    const UniqueFd client(accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!client) return;
    if (!answer) answer = text();
    send_answer(client, *answer);
  }
}

Result<std::string> ask_status(const std::string& path) {
  const auto fd = connect_to(path);
  if (!fd) return tl::unexpected(fd.error());
  std::string text;
  std::array<char, 16'384> part{};
  for (const Moment deadline = Clock::now() + kPatience;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{fd->get(), POLLIN, 0};
    if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) == 0) return fail(path + ": no answer", ETIMEDOUT);
    const ssize_t size = recv(fd->get(), part.data(), part.size(), 0);
    if (size < 0 && errno != EINTR && errno != EAGAIN) return fail_errno(path, errno);
    if (size == 0) return text;
    if (size > 0) text.append(part.data(), static_cast<std::size_t>(size));
  }
}

}  // namespace selvage::controller

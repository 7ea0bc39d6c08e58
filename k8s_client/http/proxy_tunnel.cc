#include "k8s_client/http/proxy_tunnel.h"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <string_view>

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kMaxHeadBytes = 16UL * 1024;
constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// One conversation with a proxy.
class Tunnel {
 public:
  Tunnel(int socket, const std::string& proxy, const StopSignal& stop, std::chrono::milliseconds idle_limit)
      : socket_(socket), proxy_(proxy), stop_(stop), idle_limit_(idle_limit) {}

  Result<void> send(std::string_view bytes);
  /// A head up to its empty line and no byte further: the next ones are the target's.
  Result<std::string> receive_head();

 private:
  /// Waits after a call that would have blocked; fails after one that failed otherwise.
  Result<void> wait(short events);

  int socket_;
  const std::string& proxy_;
  const StopSignal& stop_;
  std::chrono::milliseconds idle_limit_;
};

Result<void> Tunnel::wait(short events) {
  if (errno != EAGAIN && errno != EINTR) return fail_errno(proxy_, errno);
  const Wake wake = wait_for(socket_, events, stop_, Clock::now() + idle_limit_);
  if (wake != Wake::ready) return tl::unexpected(wait_error(wake, proxy_));
  return {};
}

Result<void> Tunnel::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    const auto waited = wait(POLLOUT);
    if (!waited) return waited;
  }
  return {};
}

Result<std::string> Tunnel::receive_head() {
  std::string head;
  while (!head.ends_with(kHeadEnd)) {
    char byte = 0;
    const ssize_t received = recv(socket_, &byte, 1, 0);
    if (received == 0) return fail(proxy_ + ": the connection was closed without an answer", ECONNRESET);
    if (received > 0) {
      head += byte;
      if (head.size() > kMaxHeadBytes) return fail(proxy_ + ": its answer is no HTTP head", EPROTO);
      continue;
    }
    const auto waited = wait(POLLIN);
    if (!waited) return tl::unexpected(waited.error());
  }
  return head;
}

/// The status code of "HTTP/1.1 200 Connection established".
std::optional<int> status_of(std::string_view head) {
  const std::size_t space = head.find(' ');
  if (!head.starts_with("HTTP/1.") || space == std::string_view::npos) return std::nullopt;
  int status = 0;
  const char* first = head.data() + space + 1;
  const auto [end, error] = std::from_chars(first, head.data() + head.size(), status);
  return error == std::errc{} && end == first + 3 ? std::optional(status) : std::nullopt;
}

}  // namespace

Result<void> open_tunnel(int socket, const std::string& target, const std::string& user_agent, const std::string& proxy,
                         const StopSignal& stop, std::chrono::milliseconds idle_limit) {
  const std::string name = "proxy " + proxy;
  Tunnel tunnel(socket, name, stop, idle_limit);
  const auto sent =
      tunnel.send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: " + user_agent + "\r\n\r\n");
  if (!sent) return sent;
  const auto head = tunnel.receive_head();
  if (!head) return tl::unexpected(head.error());
  const auto status = status_of(*head);
  if (!status) return fail(name + ": its answer is no HTTP", EPROTO);
  if (*status / 100 == 2) return {};
  const std::string remedy = *status == 407 ? "it wants a password, which is not supported"
                                            : "make it allow the server, or name the server's host in NO_PROXY";
  return fail(name + " answers CONNECT " + target + " with status " + std::to_string(*status) + ": " + remedy);
}

}  // namespace selvage::k8s_client

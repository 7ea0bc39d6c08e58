#include "tests/telemetry/http_client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace selvage::telemetry {
namespace {

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

int connect_v4(int fd, const HttpAddress& address) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(address.port);
  std::memcpy(&to.sin_addr, address.address.data(), address.address.size());
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to));
}

int connect_v6(int fd, const HttpAddress& address) {
  sockaddr_in6 to{};
  to.sin6_family = AF_INET6;
  to.sin6_port = htons(address.port);
  std::memcpy(&to.sin6_addr, address.address.data(), address.address.size());
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof(to));
}

void bind_v4(int fd, const IpAddress& source) {
  sockaddr_in from{};
  from.sin_family = AF_INET;
  std::memcpy(&from.sin_addr, source.data(), source.size());
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof(from)) != 0) throw_errno("bind");
}

}  // namespace

UniqueFd connect_to(const HttpAddress& address, const std::string& source) {
  const bool v4 = address.address.family() == IpFamily::v4;
  UniqueFd socket(::socket(v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw_errno("socket");
  const timeval patience{60, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  if (!source.empty()) bind_v4(socket.get(), IpAddress::parse(source).value());
  if ((v4 ? connect_v4(socket.get(), address) : connect_v6(socket.get(), address)) != 0) {
    throw_errno("connect to " + to_string(address));
  }
  return socket;
}

bool send_text(const UniqueFd& socket, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && (errno == EPIPE || errno == ECONNRESET)) return false;
    if (count < 0) throw_errno("send");
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

std::string read_to_end(const UniqueFd& socket) {
  std::string text;
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t count = ::recv(socket.get(), chunk.data(), chunk.size(), 0);
    if (count == 0 || (count < 0 && errno == ECONNRESET)) return text;
    if (count < 0) throw_errno("the server does not end the connection");
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

bool Answer::has(std::string_view line) const { return head.find(std::string(line) + "\r\n") != std::string::npos; }

std::optional<Answer> parse_answer(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos || !text.starts_with("HTTP/1.1 ")) return std::nullopt;
  Answer answer{0, text.substr(0, end + 2), text.substr(end + 4)};
  std::from_chars(text.data() + 9, text.data() + 12, answer.status);
  return answer;
}

std::optional<Answer> ask(const HttpAddress& address, const std::string& request) {
  const UniqueFd socket = connect_to(address);
  send_text(socket, request);
  return parse_answer(read_to_end(socket));
}

Answer get(const HttpAddress& address, const std::string& target, const std::string& headers) {
  auto answer = ask(address, "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
  if (!answer) throw std::runtime_error("GET " + target + ": no answer");
  return *answer;
}

}  // namespace selvage::telemetry

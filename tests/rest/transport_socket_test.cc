#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <thread>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// The port of the other end, 0 if not connected.
std::uint16_t peer_port(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 || address.sin_family != AF_INET) return 0;
  return ntohs(address.sin_port);
}

/// The sockets of this process that are connected to a server on that port.
std::vector<int> sockets_to(std::uint16_t port) {
  std::vector<int> fds;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    const int fd = std::stoi(entry.path().filename());
    if (peer_port(fd) == port) fds.push_back(fd);
  }
  return fds;
}

int option(int fd, int level, int name) {
  int value = -1;
  socklen_t size = sizeof value;
  getsockopt(fd, level, name, &value, &size);
  return value;
}

TEST_CASE("every connection has keepalive") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  HttpServer server(always(kChunked + chunk("body") + kLastChunk), tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  KeepingSink sink;
  std::vector<int> sockets;
  sink.on_body = [&](std::string_view) {
    sockets = sockets_to(server.port());
    return true;
  };
  REQUIRE(transport->get(request_for("/"), sink));
  REQUIRE_FALSE(sockets.empty());
  for (const int fd : sockets) {
    CHECK(option(fd, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option(fd, IPPROTO_TCP, TCP_KEEPIDLE) == 30);
    CHECK(option(fd, IPPROTO_TCP, TCP_KEEPINTVL) == 10);
    CHECK(option(fd, IPPROTO_TCP, TCP_KEEPCNT) == 3);
    CHECK(option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT) == 55'000);
    CHECK(option(fd, IPPROTO_TCP, TCP_NODELAY) == 1);
  }
}

TEST_CASE("a destroyed transport leaves no connection") {
  HttpServer server(always(answer("body")));
  {
    const auto transport = open_transport(config_for(server));
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK_FALSE(sockets_to(server.port()).empty());
  }
  // The library closes in a thread of its own.
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!sockets_to(server.port()).empty() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  CHECK(sockets_to(server.port()).empty());
}

}  // namespace
}  // namespace selvage::k8s_client

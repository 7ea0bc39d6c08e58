#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <mutex>
#include <thread>

#include "k8s_client/http/endpoint.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

using namespace std::chrono_literals;

UniqueFd connect_to(const HttpServer& server, bool ipv6) {
  const auto endpoints = look_up(server.host(), server.port());
  UniqueFd fd(socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto& endpoint = endpoints->front();
  if (connect(fd.get(), reinterpret_cast<const sockaddr*>(&endpoint.address), endpoint.size) != 0) fd.reset();
  return fd;
}

/// Carries bytes both ways until one side ends.
void carry(int one, int other) {
  std::array<char, 16'384> bytes{};
  for (;;) {
    std::array<pollfd, 2> polls = {pollfd{one, POLLIN, 0}, pollfd{other, POLLIN, 0}};
    poll(polls.data(), polls.size(), -1);
    const bool from_one = polls[0].revents != 0;
    const ssize_t count = recv(from_one ? one : other, bytes.data(), bytes.size(), 0);
    if (count <= 0) return;
    send(from_one ? other : one, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL);
  }
}

/// A proxy that tunnels everything to one server, whatever it is called.
class Proxy {
 public:
  Proxy(const HttpServer& target, bool ipv6)
      : target_(target), ipv6_(ipv6), server_([this](Peer& peer) { serve(peer); }) {}

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  /// What the last client asked for.
  [[nodiscard]] std::string asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }
  [[nodiscard]] int connections() const { return server_.connections(); }

 private:
  void serve(Peer& peer) {
    const std::string head = peer.read_request();
    {
      const std::lock_guard lock(mutex_);
      asked_ = head;
    }
    const UniqueFd target = connect_to(target_, ipv6_);
    peer.write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
    carry(peer.fd(), target.get());
  }

  const HttpServer& target_;
  bool ipv6_;
  std::mutex mutex_;
  std::string asked_;
  HttpServer server_;
};

TEST_CASE("through a proxy, TLS is spoken with the server") {
  const Authority authority;
  const bool ipv6 = GENERATE(false, true);
  HttpServer server(always(answer("through")), tls_options(authority, ipv6));
  Proxy proxy(server, ipv6);
  auto config = config_for(server, &authority);
  config.proxy = proxy.url();
  const auto transport = open_transport(config);
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(sink.text == "through");
  }
  const std::string target = (ipv6 ? "[::1]:" : "127.0.0.1:") + std::to_string(server.port());
  CHECK(proxy.asked().starts_with("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"));
  CHECK(proxy.connections() == 1);
}

TEST_CASE("a server's name is for the proxy to look up") {
  const Authority authority;
  HttpServerOptions options;
  options.identity = authority.issue({"server", {"DNS:api.example"}});
  HttpServer server(always(answer("through")), options);
  Proxy proxy(server, false);
  auto config = config_for(server, &authority);
  config.host = "api.example";
  config.proxy = proxy.url();
  KeepingSink sink;
  REQUIRE(open_transport(config)->get(request_for("/"), sink));
  CHECK(proxy.asked().starts_with("CONNECT api.example:"));
}

TEST_CASE("plain HTTP goes through the tunnel as well") {
  HttpServer server(always(answer("through")));
  Proxy proxy(server, false);
  auto config = config_for(server);
  config.proxy = proxy.url();
  KeepingSink sink;
  REQUIRE(open_transport(config)->get(request_for("/"), sink));
  CHECK(sink.text == "through");
}

/// What a GET comes to through a proxy that answers CONNECT like this, and then waits.
Result<void> get_through(const std::string& bytes, bool hang_up, std::chrono::milliseconds idle_limit = kLong) {
  HttpServer proxy([&](Peer& peer) {
    peer.read_request();
    peer.write(bytes);
    if (!hang_up) peer.wait_closed();
  });
  const Authority authority;
  auto config = config_for(proxy, &authority);
  config.host = "api.example";
  config.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  KeepingSink sink;
  return open_transport(config)->get(request_for("/", idle_limit), sink);
}

TEST_CASE("a proxy that refuses is named, with its status") {
  for (const std::string status : {"407", "403", "502", "100", "301"}) {
    const auto got = get_through("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n", false);
    REQUIRE_FALSE(got);
    CHECK(contains(got.error().message, "proxy http://127.0.0.1:"));
    CHECK(contains(got.error().message, status));
  }
}

TEST_CASE("a proxy that does not answer, hangs up or does not speak HTTP") {
  const auto silent = get_through("", false, 300ms);
  REQUIRE_FALSE(silent);
  CHECK(silent.error().code == ETIMEDOUT);
  const auto half = get_through("HTTP/1.1 200 OK\r\n", false, 300ms);
  REQUIRE_FALSE(half);
  CHECK(half.error().code == ETIMEDOUT);
  const auto gone = get_through("HTTP/1.1 2", true);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().code == ECONNRESET);
  for (const auto& bytes :
       {std::string("220 mail\r\n\r\n"), std::string("HTTP/1.1\r\n\r\n"), std::string(20'000, 'x')}) {
    const auto other = get_through(bytes, false);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == EPROTO);
  }
}

TEST_CASE("a stop while a proxy is waited for") {
  Happening asked;
  HttpServer proxy([&](Peer& peer) {
    peer.read_request();
    asked.set();
    peer.wait_closed();
  });
  auto config = config_for(proxy);
  config.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  const auto transport = open_transport(config);
  std::thread stopper([&] {
    asked.wait();
    transport->stop();
  });
  KeepingSink sink;
  const auto got = transport->get(request_for("/"), sink);
  stopper.join();
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ECANCELED);
}

TEST_CASE("proxies that cannot be used are refused at once, without their password") {
  for (const char* url : {"https://proxy:1", "socks5://proxy:1", "http://user:password\100proxy:1", "http://"}) {
    ApiConfig config;
    config.host = "api.example";
    config.proxy = url;
    CAPTURE(url);
    const auto transport = open_rest_transport(config);
    REQUIRE_FALSE(transport);
    CHECK_FALSE(contains(transport.error().message, "password@"));
  }
}

}  // namespace
}  // namespace selvage::k8s_client

#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>
#include <vector>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

using namespace std::chrono_literals;

/// A sink's slowness, or a server's.
void pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

TEST_CASE("a server that sends nothing for too long") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const std::string bytes =
      GENERATE(std::string(), std::string("HTTP/1.1 200 OK\r\nContent-L"), answer("body", "200 OK").substr(0, 40),
               std::string(kChunked), kChunked + chunk("first"), kChunked + chunk("first") + "7\r\nsec");
  CAPTURE(tls, bytes);
  Happening closed;
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        peer.write(bytes);
        peer.wait_closed();
        closed.set();
      },
      tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  KeepingSink sink;
  const auto got = transport->get(request_for("/", 200ms), sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ETIMEDOUT);
  CHECK(closed.wait());
}

TEST_CASE("a server that accepts connections and does not answer a TLS client") {
  const Authority authority;
  HttpServer server([](Peer& peer) { peer.wait_closed(); });
  KeepingSink sink;
  const auto got = open_transport(config_for(server, &authority))->get(request_for("/", 200ms), sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ETIMEDOUT);
}

TEST_CASE("an idle connection that went silent") {
  HttpServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer("body"));
    peer.wait_closed();
  });
  const auto transport = open_transport(config_for(server));
  KeepingSink first;
  REQUIRE(transport->get(request_for("/"), first));
  KeepingSink second;
  const auto got = transport->get(request_for("/", 200ms), second);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ETIMEDOUT);
  CHECK(server.connections() == 1);
}

TEST_CASE("a server that sends slowly is not idle, even if no part of the body is completed") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  HttpServer server(
      [](Peer& peer) {
        peer.read_request();
        for (const char c : "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\na") {
          if (c == '\r') pause(300ms);
          if (c != '\0') peer.write(std::string(1, c));
        }
        for (const char* c : {"b", "c", "d", "e", "f", "g", "h"}) {
          pause(500ms);
          peer.write(c);
        }
        peer.wait_closed();
      },
      tls ? tls_options(authority) : HttpServerOptions());
  KeepingSink sink;
  // All of it takes longer than the limit, each byte much less.
  const auto got = open_transport(config_for(server, tls ? &authority : nullptr))->get(request_for("/", 3s), sink);
  INFO((got ? "" : got.error().message));
  REQUIRE(got);
  CHECK(sink.text == "abcdefgh");
}

TEST_CASE("a sink that works for longer than the idle limit does not count as silence") {
  Happening worked;
  HttpServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(kChunked + chunk("first"));
    worked.wait();
    peer.write(chunk("second") + kLastChunk);
    peer.wait_closed();
  });
  KeepingSink sink;
  sink.on_body = [&](std::string_view bytes) {
    if (bytes == "first") pause(3s);
    worked.set();
    return true;
  };
  const auto got = open_transport(config_for(server))->get(request_for("/", 2s), sink);
  REQUIRE(got);
  CHECK(sink.text == "firstsecond");
}

/// A port that takes no more connections, nor refuses any: its queue is full.
class FullPort {
 public:
  FullPort() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback();
    const auto* any = reinterpret_cast<const sockaddr*>(&address);
    if (bind(listener_.get(), any, sizeof address) != 0 || listen(listener_.get(), 0) != 0) std::abort();
    socklen_t size = sizeof address;
    getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i < 4; ++i) {
      waiting_.emplace_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      [[maybe_unused]] const int later = connect(waiting_.back().get(), any, sizeof address);
    }
  }
  [[nodiscard]] ApiConfig config() const {
    ApiConfig config;
    config.tls = false;
    config.host = "127.0.0.1";
    config.port = port_;
    return config;
  }

 private:
  static sockaddr_in loopback() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::vector<UniqueFd> waiting_;
};

TEST_CASE("a connection that is never made") {
  const FullPort port;
  const auto transport = open_transport(port.config());
  KeepingSink sink;
  SECTION("is given up after the idle limit") {
    const auto got = transport->get(request_for("/", 300ms), sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ETIMEDOUT);
  }
  SECTION("is given up at once on a stop") {
    std::thread stopper([&] {
      pause(50ms);
      transport->stop();
    });
    const auto got = transport->get(request_for("/"), sink);
    stopper.join();
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ECANCELED);
  }
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// What a GET comes to where the server sends `bytes` and then `finish`es.
Result<void> get_from(const std::string& bytes, const std::function<void(Peer&)>& finish, KeepingSink& sink,
                      const Authority* authority = nullptr) {
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        peer.write(bytes);
        finish(peer);
      },
      authority != nullptr ? tls_options(*authority) : HttpServerOptions());
  return open_transport(config_for(server, authority))->get(request_for("/"), sink);
}

TEST_CASE("a body that is cut short is no success") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const std::string bytes =
      GENERATE_COPY(std::string("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nfirst"),
                    std::string("HTTP/1.1 200 OK\r\nContent-Length: 600000\r\n\r\n") + std::string(300'000, 'x'),
                    std::string(kChunked), kChunked + chunk("first"), kChunked + chunk("first") + "5",
                    kChunked + chunk("first") + "5\r\nsec", kChunked + chunk("first") + "6\r\nsecond",
                    kChunked + chunk("first") + "0\r\n");
  const auto finish = GENERATE(
      as<std::function<void(Peer&)>>(), [](Peer&) {}, [](Peer& peer) { peer.cut(); }, [](Peer& peer) { peer.reset(); });
  CAPTURE(tls, bytes.substr(0, 80));
  Happening head;  // before it a reset would take what was sent with it
  KeepingSink sink;
  sink.on_head = [&] {
    head.set();
    return true;
  };
  const auto finish_later = [&](Peer& peer) {
    head.wait();
    finish(peer);
  };
  const auto got = get_from(bytes, finish_later, sink, tls ? &authority : nullptr);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == EPROTO);
  CHECK(sink.status == 200);
}

TEST_CASE("a successful answer that ends with the connection is refused, since it may be cut short") {
  KeepingSink sink;
  const auto got = get_from(
      "HTTP/1.1 200 OK\r\n\r\nall or part", [](Peer&) {}, sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == EPROTO);
  CHECK(sink.text.empty());
}

TEST_CASE("an answer that is not HTTP is an error") {
  const std::string bytes = GENERATE(
      as<std::string>(), "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP/1.1 103 Early Hints\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n",
      std::string(kChunked) + "-2\r\nfirst\r\n", std::string(kChunked) + "zz\r\nfirst\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nfirst", "HTTP/1.1 200 OK\r\nContent-Length: 5 apples\r\n\r\nfirst");
  CAPTURE(bytes);
  KeepingSink sink;
  const auto got = get_from(
      bytes, [](Peer&) {}, sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == EPROTO);
  CHECK(sink.text.empty());
}

TEST_CASE("a server that hangs up without an answer") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const auto finish = GENERATE(
      as<std::function<void(Peer&)>>(), [](Peer&) {}, [](Peer& peer) { peer.cut(); }, [](Peer& peer) { peer.reset(); });
  const std::string bytes = GENERATE(as<std::string>(), "", "HTTP/1.1 200 OK\r\nContent-Le");
  KeepingSink sink;
  const auto got = get_from(bytes, finish, sink, tls ? &authority : nullptr);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ECONNRESET);
  CHECK(contains(got.error().message, "127.0.0.1"));
  CHECK(sink.heads == 0);
}

TEST_CASE("a server that does not exist") {
  ApiConfig config;
  {
    HttpServer gone([](Peer&) {});
    config = config_for(gone);
  }
  KeepingSink sink;
  const auto got = open_transport(config)->get(request_for("/"), sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == ECONNREFUSED);
  CHECK(contains(got.error().message, "127.0.0.1:" + std::to_string(config.port)));
}

TEST_CASE("a name that does not exist") {
  ApiConfig config;
  config.tls = false;
  config.host = "no..name";  // which no resolver is asked for
  KeepingSink sink;
  const auto got = open_transport(config)->get(request_for("/"), sink);
  REQUIRE_FALSE(got);
  CHECK(contains(got.error().message, "no..name"));
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

TEST_CASE("a connection whose answer was read to the end takes the next request") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const std::string bytes =
      GENERATE(answer("body"), answer(""), std::string("HTTP/1.1 204 No Content\r\n\r\n"),
               kChunked + chunk("body") + kLastChunk, answer("sorry", "500 Internal Server Error"));
  CAPTURE(tls, bytes);
  HttpServer server(always(bytes), tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  for (int i = 0; i < 20; ++i) {
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
  }
  CHECK(server.connections() == 1);
}

TEST_CASE("a connection whose answer was not read to the end takes no other request") {
  HttpServer server(always(kChunked + chunk("body") + kLastChunk));
  const auto transport = open_transport(config_for(server));
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    sink.on_body = [](std::string_view) { return false; };
    REQUIRE(transport->get(request_for("/"), sink));
  }
  CHECK(server.connections() == 3);
}

TEST_CASE("a connection that the server closes between requests is replaced unnoticed") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const std::string bytes = GENERATE(answer("body"), answer("body", "200 OK", "Connection: close\r\n"));
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        peer.write(bytes);
      },
      tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  for (int i = 0; i < 5; ++i) {
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(sink.text == "body");
  }
  CHECK(server.connections() == 5);
}

TEST_CASE("a connection that the server closes when a request has come is replaced unnoticed") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  const auto close = GENERATE(
      as<std::function<void(Peer&)>>(), [](Peer&) {}, [](Peer& peer) { peer.cut(); }, [](Peer& peer) { peer.reset(); });
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        peer.write(answer("body"));
        peer.read_request();
        close(peer);
      },
      tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  for (int i = 0; i < 3; ++i) {
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(sink.text == "body");
    CHECK(sink.heads == 1);
  }
  CHECK(server.connections() == 3);
}

TEST_CASE("unrequested bytes of a server end the connection, and do not answer the next request") {
  Happening said;
  HttpServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(answer("asked") + answer("unasked"));
    said.set();
    peer.read_request();
    peer.write(answer("asked"));
    peer.wait_closed();
  });
  const auto transport = open_transport(config_for(server));
  for (int i = 0; i < 2; ++i) {
    KeepingSink sink;
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(sink.text == "asked");
    said.wait();
  }
}

}  // namespace
}  // namespace selvage::k8s_client

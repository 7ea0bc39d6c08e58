#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>
#include <vector>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

TEST_CASE("the head comes first, then each part of the body as it arrives") {
  const Authority authority;
  const bool tls = GENERATE(false, true);
  CAPTURE(tls);
  Happening head, first, second;
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        peer.write(kChunked);
        head.wait();
        peer.write(chunk("first"));
        first.wait();
        peer.write(chunk("second"));
        second.wait();
        peer.write(kLastChunk);
        peer.wait_closed();
      },
      tls ? tls_options(authority) : HttpServerOptions());
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  KeepingSink sink;
  sink.on_head = [&] {
    head.set();
    return true;
  };
  sink.on_body = [&](std::string_view bytes) {
    (bytes == "first" ? first : second).set();
    return true;
  };
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.status == 200);
  CHECK(sink.heads == 1);
  CHECK(sink.text == "firstsecond");
}

TEST_CASE("a body in chunks of any size is complete") {
  std::string body;
  for (int i = 0; i < 100'000; ++i) body += std::to_string(i) + ",";
  const bool chunked = GENERATE(false, true);
  const Authority authority;
  HttpServer server(
      [&](Peer& peer) {
        peer.read_request();
        if (!chunked) {
          peer.write(answer(body));
        } else {
          peer.write(kChunked);
          for (std::size_t at = 0, size = 1; at < body.size(); at += size, size = size * 3 % 50'021) {
            size = std::min(size, body.size() - at);
            peer.write(chunk(body.substr(at, size)));
          }
          peer.write(kLastChunk);
        }
        peer.wait_closed();
      },
      tls_options(authority));
  const auto transport = open_transport(config_for(server, &authority));
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.text == body);
}

TEST_CASE("an answer with any status is a success, and its body reaches the sink") {
  HttpServer server([](Peer& peer) {
    peer.read_request();
    peer.write(answer("{\"kind\":\"Status\"}", "403 Forbidden"));
    peer.read_request();
    peer.write("HTTP/1.1 503 Service Unavailable\r\n\r\nno length here");
  });
  const auto transport = open_transport(config_for(server));
  KeepingSink forbidden;
  REQUIRE(transport->get(request_for("/"), forbidden));
  CHECK(forbidden.status == 403);
  CHECK(forbidden.text == "{\"kind\":\"Status\"}");
  KeepingSink unavailable;
  REQUIRE(transport->get(request_for("/"), unavailable));
  CHECK(unavailable.status == 503);
  CHECK(unavailable.text == "no length here");
}

TEST_CASE("a body that is not wanted ends the request with success, and the connection") {
  Happening closed;
  HttpServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(std::string(kChunked) + chunk("first") + chunk("second"));
    peer.wait_closed();
    closed.set();
  });
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  SECTION("after the head") {
    sink.on_head = [] { return false; };
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(sink.text.empty());
  }
  SECTION("after a part of the body") {
    int parts = 0;
    sink.on_body = [&](std::string_view) { return ++parts > 1; };
    REQUIRE(transport->get(request_for("/"), sink));
    CHECK(parts == 1);
  }
  CHECK(sink.status == 200);
  CHECK(closed.wait());
}

TEST_CASE("a slow sink slows down the server") {
  constexpr std::size_t kFar = 256UL << 20U;
  const std::string data = chunk(std::string(32'768, 'x'));
  std::atomic<std::size_t> sent = 0;
  Happening blocked;
  HttpServer server([&](Peer& peer) {
    peer.read_request();
    peer.write(kChunked);
    while (sent < kFar) {
      const std::string_view rest = std::string_view(data).substr(sent % data.size());
      const ssize_t count = send(peer.fd(), rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count > 0) sent += static_cast<std::size_t>(count);
      pollfd writable = {peer.fd(), POLLOUT, 0};
      if (count < 0 && (errno != EAGAIN || poll(&writable, 1, 500) == 0)) break;
    }
    blocked.set();
  });
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  sink.on_body = [&](std::string_view) {
    blocked.wait();
    return false;
  };
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sent < kFar);
}

TEST_CASE("concurrent requests do not block each other") {
  HttpServer server([](Peer& peer) {
    for (std::string head; !(head = peer.read_request()).empty();)
      peer.write(answer(head.substr(4, head.find(' ', 4) - 4)));
  });
  const auto transport = open_transport(config_for(server));
  std::atomic<int> right = 0;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 6; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < 30; ++i) {
        const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
        KeepingSink sink;
        if (transport->get(request_for(target), sink) && sink.text == target) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(right == 180);
}

}  // namespace
}  // namespace selvage::k8s_client

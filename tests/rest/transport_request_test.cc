#include <catch2/catch.hpp>
#include <cerrno>
#include <mutex>
#include <vector>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// Answers each request, and keeps the heads.
class Recorder {
 public:
  [[nodiscard]] HttpServer::Script script(std::string bytes) {
    return [this, bytes = std::move(bytes)](Peer& peer) {
      for (std::string head; !(head = peer.read_request()).empty();) {
        {
          const std::lock_guard lock(mutex_);
          heads_.push_back(head);
        }
        peer.write(bytes);
      }
    };
  }
  [[nodiscard]] std::vector<std::string> heads() {
    const std::lock_guard lock(mutex_);
    return heads_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> heads_;
};

bool has_line(const std::string& head, const std::string& name, const std::string& value) {
  return contains(head + "\r\n", "\r\n" + name + ":" + value + "\r\n") ||
         contains(head + "\r\n", "\r\n" + name + ": " + value + "\r\n");
}

TEST_CASE("the target is sent unchanged, behind the path of the server's URL") {
  Recorder recorder;
  HttpServer server(recorder.script(answer("")));
  auto config = config_for(server);
  config.path_prefix = "/k8s/clusters/c-1";
  const auto transport = open_transport(config);
  const std::string target =
      "/api/v1/pods?limit=500&continue=eyJ2Ijoi%3D%3D&fieldSelector=status.phase!%3DFailed%2Ca%2Fb&empty=";
  KeepingSink sink;
  REQUIRE(transport->get(request_for(target), sink));
  REQUIRE(recorder.heads().size() == 1);
  CHECK(recorder.heads()[0].starts_with("GET /k8s/clusters/c-1" + target + " HTTP/1.1\r\n"));
}

TEST_CASE("a request has its headers") {
  Recorder recorder;
  HttpServer server(recorder.script(answer("")));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/"), sink));
  const std::string head = recorder.heads().at(0);
  CHECK(has_line(head, "Host", "127.0.0.1:" + std::to_string(server.port())));
  CHECK(has_line(head, "Accept", "application/json"));
  CHECK(has_line(head, "Accept-Encoding", "identity"));
  CHECK(contains(head, "User-Agent:selvage/"));
  CHECK(contains(head, " (linux/"));
  CHECK_FALSE(contains(head, "Authorization"));
}

TEST_CASE("a post has its content type and length") {
  Recorder recorder;
  HttpServer server(recorder.script(answer("", "201 Created")));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  REQUIRE(transport->post(request_for("/things"), "{}", sink));
  CHECK(sink.status == 201);
  const std::string head = recorder.heads().at(0);
  CHECK(head.starts_with("POST /things HTTP/1.1\r\n"));
  CHECK(has_line(head, "Content-Type", "application/json"));
  CHECK(has_line(head, "Content-Length", "2"));
  CHECK(contains(head, "User-Agent:selvage/"));
}

TEST_CASE("compressed answers are requested if request and configuration allow them") {
  Recorder recorder;
  HttpServer server(recorder.script(answer("")));
  auto config = config_for(server);
  config.disable_compression = GENERATE(false, true);
  const auto transport = open_transport(config);
  auto request = request_for("/");
  request.compressed = true;
  KeepingSink sink;
  REQUIRE(transport->get(request, sink));
  CHECK(has_line(recorder.heads().at(0), "Accept-Encoding", config.disable_compression ? "identity" : "gzip"));
}

TEST_CASE("an IPv6 server is named by its address in brackets") {
  const Authority authority;
  Recorder recorder;
  const bool tls = GENERATE(false, true);
  HttpServerOptions options = tls_options(authority, true);
  if (!tls) options.identity.reset();
  HttpServer server(recorder.script(answer("over IPv6")), options);
  const auto transport = open_transport(config_for(server, tls ? &authority : nullptr));
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.text == "over IPv6");
  CHECK(has_line(recorder.heads().at(0), "Host", "[::1]:" + std::to_string(server.port())));
}

TEST_CASE("a name is looked up, and each of its addresses tried") {
  HttpServer server(always(answer("found")));  // on 127.0.0.1: where localhost is ::1 too, that refuses
  auto config = config_for(server);
  config.host = "localhost";
  const auto transport = open_transport(config);
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.text == "found");
}

TEST_CASE("an invalid target is refused before anything is sent") {
  HttpServer server(always(answer("")));
  const auto transport = open_transport(config_for(server));
  for (const char* target : {"", "api", "/a b", "/a\r\nX: y", "/a#b", "/\x80"}) {
    KeepingSink sink;
    CAPTURE(target);
    const auto got = transport->get(request_for(target), sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == EINVAL);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("a redirect is a status like any other") {
  Recorder recorder;
  HttpServer server(recorder.script(answer("elsewhere", "302 Found", "Location: /elsewhere\r\n")));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/here"), sink));
  CHECK(sink.status == 302);
  CHECK(recorder.heads().size() == 1);
}

TEST_CASE("Retry-After is a number of seconds or nothing") {
  const auto [text, seconds] = GENERATE(
      table<std::string, std::optional<int>>({{"Retry-After: 17\r\n", 17},
                                              {"retry-after:0\r\n", 0},
                                              {"", std::nullopt},
                                              {"Retry-After: -1\r\n", std::nullopt},
                                              {"Retry-After: 99999999999999999999\r\n", std::nullopt},
                                              {"Retry-After: 1.5\r\n", std::nullopt},
                                              {"Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", std::nullopt}}));
  CAPTURE(text);
  HttpServer server(always(answer("", "429 Too Many Requests", text)));
  const auto transport = open_transport(config_for(server));
  KeepingSink sink;
  REQUIRE(transport->get(request_for("/"), sink));
  CHECK(sink.status == 429);
  CHECK(sink.retry_after.has_value() == seconds.has_value());
  if (seconds) CHECK(sink.retry_after == std::chrono::seconds(*seconds));
}

}  // namespace
}  // namespace selvage::k8s_client

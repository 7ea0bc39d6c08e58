#include <catch2/catch.hpp>
#include <mutex>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// A server over TLS that notes the Authorization header of the last request.
class Registry {
 public:
  Registry() : server_([this](Peer& peer) { serve(peer); }, tls_options(authority_)) {}

  [[nodiscard]] ApiConfig config() const { return config_for(server_, &authority_); }
  /// What the last request carried; empty: no such header.
  [[nodiscard]] std::string last() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  void serve(Peer& peer) {
    for (std::string head; !(head = peer.read_request()).empty();) {
      constexpr std::string_view kName = "\r\nAuthorization:";
      const std::size_t at = head.find(kName);
      const std::size_t end = head.find("\r\n", at + 2);
      {
        const std::lock_guard lock(mutex_);
        last_ = at == std::string::npos ? "" : head.substr(at + kName.size(), end - at - kName.size());
      }
      peer.write(answer(""));
    }
  }

  Authority authority_;
  std::mutex mutex_;
  std::string last_;
  HttpServer server_;
};

Result<void> get(Transport& transport) {
  KeepingSink sink;
  return transport.get(request_for("/"), sink);
}

TEST_CASE("a fixed token is sent") {
  Registry registry;
  auto config = registry.config();
  config.token = "fixed";
  const auto transport = open_transport(config);
  REQUIRE(get(*transport));
  CHECK(registry.last() == "Bearer fixed");
}

TEST_CASE("without a token no header is sent") {
  Registry registry;
  const auto transport = open_transport(registry.config());
  REQUIRE(get(*transport));
  CHECK(registry.last().empty());
}

TEST_CASE("a token file is read for each request, and goes before a fixed token") {
  Registry registry;
  const TemporaryFolder folder;
  folder.write("token", " first\n");
  auto config = registry.config();
  config.token = "fixed";
  config.token_file = folder.path("token");
  const auto transport = open_transport(config);
  REQUIRE(get(*transport));
  CHECK(registry.last() == "Bearer first");
  folder.write("token", "second\r\n");
  REQUIRE(get(*transport));
  CHECK(registry.last() == "Bearer second");
}

TEST_CASE("if the token file is unusable, the last good token is used") {
  Registry registry;
  const TemporaryFolder folder;
  folder.write("token", "first");
  auto config = registry.config();
  config.token_file = folder.path("token");
  const auto transport = open_transport(config);
  REQUIRE(get(*transport));
  SECTION("gone") { folder.remove("token"); }
  SECTION("empty") { folder.write("token", "\n"); }
  SECTION("of several lines") { folder.write("token", "second\r\nX-Remote-User: admin"); }
  SECTION("with a control character") { folder.write("token", std::string("sec\0ond", 7)); }
  REQUIRE(get(*transport));
  CHECK(registry.last() == "Bearer first");
}

TEST_CASE("a token that was never good is an error that does not contain it, and nothing is sent") {
  Registry registry;
  const TemporaryFolder folder;
  folder.write("token", "secret\r\nX-Remote-User: admin");
  auto config = registry.config();
  config.token_file = folder.path("token");
  const auto got = get(*open_transport(config));
  REQUIRE_FALSE(got);
  CHECK(contains(got.error().message, folder.path("token")));
  CHECK_FALSE(contains(got.error().message, "secret"));
  CHECK_FALSE(contains(got.error().message, "admin"));
}

TEST_CASE("a fixed token that would inject a header is refused") {
  Registry registry;
  auto config = registry.config();
  config.token = "secret\r\nX-Remote-User: admin";
  const auto transport = open_rest_transport(config);
  REQUIRE_FALSE(transport);
  CHECK_FALSE(contains(transport.error().message, "secret"));
}

TEST_CASE("a token is not sent over plain HTTP") {
  ApiConfig config;
  config.tls = false;
  config.host = "127.0.0.1";
  SECTION("from the configuration") { config.token = "secret"; }
  SECTION("from a file") { config.token_file = "/nowhere"; }
  CHECK_FALSE(open_rest_transport(config));
}

TEST_CASE("an error of the connection contains no token") {
  ApiConfig config;
  {
    Registry gone;
    config = gone.config();
  }
  config.token = "secret";
  const auto got = get(*open_transport(config));
  REQUIRE_FALSE(got);
  CHECK_FALSE(contains(got.error().message, "secret"));
}

}  // namespace
}  // namespace selvage::k8s_client

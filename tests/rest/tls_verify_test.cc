#include <catch2/catch.hpp>
#include <cstdlib>
#include <mutex>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// What a server heard of a client.
struct Heard {
  std::string server_name;
  std::string tls_version;
};

/// A server that shows a certificate, and notes what its last client called it.
class NamedServer {
 public:
  explicit NamedServer(const Identity& identity, bool ipv6 = false, int newest_tls = 0)
      : server_([this](Peer& peer) { serve(peer); }, options(identity, ipv6, newest_tls)) {}

  [[nodiscard]] const HttpServer& server() const { return server_; }
  [[nodiscard]] Heard heard() {
    const std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  static HttpServerOptions options(const Identity& identity, bool ipv6, int newest_tls) {
    HttpServerOptions options;
    options.ipv6 = ipv6;
    options.identity = identity;
    options.newest_tls = newest_tls;
    return options;
  }
  void serve(Peer& peer) {
    {
      const std::lock_guard lock(mutex_);
      heard_ = {peer.server_name(), peer.tls_version()};
    }
    always(answer("hello"))(peer);
  }

  std::mutex mutex_;
  Heard heard_;
  HttpServer server_;
};

Result<void> get(const ApiConfig& config) {
  KeepingSink sink;
  auto got = open_transport(config)->get(request_for("/"), sink);
  if (got) CHECK(sink.text == "hello");
  if (!got) CHECK(sink.heads == 0);
  return got;
}

/// The error of a certificate: it names the server and where the configuration came from.
void check_refused(const Result<void>& got, const ApiConfig& config) {
  REQUIRE_FALSE(got);
  INFO(got.error().message);
  CHECK(contains(got.error().message, "https://"));
  CHECK(contains(got.error().message, ":" + std::to_string(config.port)));
  CHECK(contains(got.error().message, "certificate"));
}

TEST_CASE("a server is verified by its address in the certificate, and is sent no name") {
  const Authority authority;
  const bool ipv6 = GENERATE(false, true);
  NamedServer server(authority.issue({"x", {ipv6 ? "IP:::1" : "IP:127.0.0.1"}}), ipv6);
  REQUIRE(get(config_for(server.server(), &authority)));
  CHECK(server.heard().server_name.empty());
  CHECK(server.heard().tls_version == "TLSv1.3");
}

TEST_CASE("a server is verified by its name in the certificate, and is sent the name") {
  const Authority authority;
  NamedServer server(authority.issue({"x", {"DNS:localhost"}}));
  auto config = config_for(server.server(), &authority);
  config.host = GENERATE("localhost", "LOCALHOST");
  REQUIRE(get(config));
  CHECK(server.heard().server_name == config.host);
}

TEST_CASE("tls-server-name goes before the host") {
  const Authority authority;
  NamedServer server(authority.issue({"x", {"DNS:*.api.example", "IP:10.1.2.3"}}));
  auto config = config_for(server.server(), &authority);
  SECTION("a name") {
    config.tls_server_name = "one.api.example";
    REQUIRE(get(config));
    CHECK(server.heard().server_name == "one.api.example");
  }
  SECTION("an address") {
    config.tls_server_name = "10.1.2.3";
    REQUIRE(get(config));
    CHECK(server.heard().server_name.empty());
  }
  SECTION("another name") {
    config.tls_server_name = "two.one.api.example";
    check_refused(get(config), config);
  }
  SECTION("the host alone") { check_refused(get(config), config); }
}

TEST_CASE("a certificate for something else is refused") {
  const Authority authority;
  const auto names =
      GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{}, std::vector<std::string>{"DNS:127.0.0.1"},
               std::vector<std::string>{"IP:127.0.0.2"}, std::vector<std::string>{"DNS:localhost", "IP:::1"});
  NamedServer server(authority.issue({"127.0.0.1", names}));  // the common name would fit
  const auto config = config_for(server.server(), &authority);
  check_refused(get(config), config);
}

TEST_CASE("a common name is ignored, whether the certificate has other names or none") {
  const Authority authority;
  const auto names = GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{},
                              std::vector<std::string>{"DNS:other.example"});
  NamedServer server(authority.issue({"localhost", names}));
  auto config = config_for(server.server(), &authority);
  config.host = "localhost";
  check_refused(get(config), config);
}

TEST_CASE("another authority is not trusted, be it of the same name") {
  const Authority authority;
  const Authority other;
  NamedServer server(other.issue({"x", {"IP:127.0.0.1"}}));
  const auto config = config_for(server.server(), &authority);
  const auto got = get(config);
  check_refused(got, config);
  CHECK(contains(got.error().message, config.origin));
}

TEST_CASE("the system's authorities are used only if none is given") {
  const Authority given;
  const Authority of_the_system;
  const TemporaryFolder folder;
  folder.write("system.pem", of_the_system.pem());
  setenv("SSL_CERT_FILE", folder.path("system.pem").c_str(), 1);  // OpenSSL's own variable
  NamedServer server(of_the_system.issue({"x", {"IP:127.0.0.1"}}));
  NamedServer other(given.issue({"x", {"IP:127.0.0.1"}}));
  const auto config = config_for(server.server(), &given);
  check_refused(get(config), config);
  auto without = config;
  without.ca.clear();
  CHECK(get(without));
  without.port = other.server().port();
  check_refused(get(without), without);
  unsetenv("SSL_CERT_FILE");
}

TEST_CASE("a certificate outside its validity is refused") {
  const Authority authority;
  CertificateWish wish{"x", {"IP:127.0.0.1"}};
  SECTION("expired") { wish.until = std::chrono::seconds(-60); }
  SECTION("not yet valid") { wish.since = std::chrono::seconds(1800); }
  NamedServer server(authority.issue(wish));
  const auto config = config_for(server.server(), &authority);
  check_refused(get(config), config);
}

TEST_CASE("a chain is followed to the authority") {
  const Authority root("root");
  const Authority middle = root.subordinate("middle");
  NamedServer server(middle.subordinate("lower").issue({"x", {"IP:127.0.0.1"}}));
  const bool trusts_root = GENERATE(true, false);  // what is given is trusted, be it a root or not
  REQUIRE(get(config_for(server.server(), trusts_root ? &root : &middle)));
}

TEST_CASE("one of several authorities in a bundle") {
  const Authority authority;
  const Authority other;
  NamedServer server(authority.issue({"x", {"IP:127.0.0.1"}}));
  auto config = config_for(server.server(), &authority);
  config.ca = other.pem() + "a comment\n" + authority.pem();
  REQUIRE(get(config));
}

TEST_CASE("a server's own certificate may be all that is trusted") {
  const Authority authority;
  const Identity identity = authority.issue({"x", {"IP:127.0.0.1"}});
  NamedServer server(identity);
  auto config = config_for(server.server(), &authority);
  config.ca = identity.certificate;
  REQUIRE(get(config));
  config.ca = authority.issue({"x", {"IP:127.0.0.1"}}).certificate;
  check_refused(get(config), config);
}

TEST_CASE("insecure accepts any certificate, and still sends the name") {
  const Authority authority;
  const Authority other;
  CertificateWish wish{"x", {"DNS:other.example"}};
  wish.until = std::chrono::seconds(-60);
  NamedServer server(authority.issue(wish));
  auto config = config_for(server.server(), &other);
  config.host = "localhost";
  config.insecure = true;
  REQUIRE(get(config));
  CHECK(server.heard().server_name == "localhost");
}

TEST_CASE("TLS before 1.2 is refused, by the insecure too") {
  const Authority authority;
  const Identity identity = authority.issue({"x", {"IP:127.0.0.1"}});
  NamedServer fair(identity, false, TLS1_2_VERSION);
  REQUIRE(get(config_for(fair.server(), &authority)));
  CHECK(fair.heard().tls_version == "TLSv1.2");
  NamedServer old(identity, false, TLS1_1_VERSION);
  auto config = config_for(old.server(), &authority);
  config.insecure = GENERATE(false, true);
  CHECK_FALSE(get(config));
}

TEST_CASE("a server that speaks no TLS") {
  const Authority authority;
  HttpServer talker([](Peer& peer) {
    peer.write("220 welcome\r\n");
    peer.wait_closed();
  });
  CHECK_FALSE(get(config_for(talker, &authority)));
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>
#include <mutex>

#include "tests/k8s_client/temporary_folder.h"
#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

/// A server that asks its clients for certificates, and answers with their common names.
class AskingServer {
 public:
  explicit AskingServer(bool refuse_without = false)
      : server_(
            [](Peer& peer) {
              while (!peer.read_request().empty()) peer.write(answer(peer.client_name()));
            },
            options(authority, refuse_without)) {}

  [[nodiscard]] ApiConfig config() const { return config_for(server_, &authority); }
  [[nodiscard]] int connections() const { return server_.connections(); }

  const Authority authority;

 private:
  static HttpServerOptions options(const Authority& authority, bool refuse_without) {
    auto options = tls_options(authority);
    options.client_ca = authority.pem();
    options.refuse_without_certificate = refuse_without;
    return options;
  }

  HttpServer server_;
};

/// The client that the server saw.
std::string whoami(Transport& transport) {
  KeepingSink sink;
  const auto got = transport.get(request_for("/"), sink);
  if (!got) FAIL(got.error().message);
  return sink.text;
}

TEST_CASE("a client shows its certificate with the chain to its authority") {
  AskingServer server;
  const Identity agent = server.authority.subordinate("kubelets").issue({"system:node:a", {}});
  auto config = server.config();
  config.client_certificate = agent.certificate;
  config.client_key = agent.key;
  CHECK(whoami(*open_transport(config)) == "system:node:a");
}

TEST_CASE("a client without a certificate shows none") {
  AskingServer server;
  CHECK(whoami(*open_transport(server.config())).empty());
}

TEST_CASE("certificates and keys that cannot be used are refused at once") {
  const Authority authority;
  const Identity one = authority.issue({"one", {}});
  const Identity two = authority.issue({"two", {}});
  ApiConfig config;
  config.host = "127.0.0.1";
  config.origin = "the test";
  config.ca = authority.pem();
  config.client_certificate = one.certificate;
  config.client_key = one.key;
  REQUIRE(open_rest_transport(config));
  SECTION("no authority") { config.ca = "nonsense"; }
  SECTION("an authority that is cut off") { config.ca.resize(config.ca.size() / 2); }
  SECTION("one that is cut off behind a good one") { config.ca += authority.pem().substr(0, 200); }
  SECTION("no certificate") { config.client_certificate = "nonsense"; }
  SECTION("no key") { config.client_key = "nonsense"; }
  SECTION("the key of another certificate") { config.client_key = two.key; }
  SECTION("a certificate without a key") { config.client_key.clear(); }
  SECTION("a key without a certificate") { config.client_certificate.clear(); }
  SECTION("a file that is not there") { config.ca_file = "/nowhere/ca.pem"; }
  const auto transport = open_rest_transport(config);
  REQUIRE_FALSE(transport);
  CHECK(contains(transport.error().message, "the test"));
  CHECK_FALSE(contains(transport.error().message, "PRIVATE"));
}

/// A client certificate in files.
struct AgentFiles {
  explicit AgentFiles(ApiConfig& config) {
    config.client_certificate_file = folder.path("client.pem");
    config.client_key_file = folder.path("client.key");
  }
  void write(const Identity& identity) const {
    folder.write("client.pem", identity.certificate);
    folder.write("client.key", identity.key);
  }
  TemporaryFolder folder;
};

TEST_CASE("a client certificate that changes on disk is shown from the next request on") {
  AskingServer server;
  auto config = server.config();
  const AgentFiles files(config);
  files.write(server.authority.issue({"first", {}}));
  const auto transport = open_transport(config);
  CHECK(whoami(*transport) == "first");
  CHECK(whoami(*transport) == "first");
  CHECK(server.connections() == 1);
  const Identity second = server.authority.issue({"second", {}});
  files.folder.write("client.pem", second.certificate);
  // Half of it is there: the pair that fits together is used.
  CHECK(whoami(*transport) == "first");
  files.folder.write("client.key", second.key);
  CHECK(whoami(*transport) == "second");
  CHECK(server.connections() == 2);
}

TEST_CASE("client certificates that are missing or broken leave the last good one in use") {
  AskingServer server;
  auto config = server.config();
  const AgentFiles files(config);
  files.write(server.authority.issue({"first", {}}));
  const auto transport = open_transport(config);
  CHECK(whoami(*transport) == "first");
  SECTION("gone") { files.folder.remove("client.pem"); }
  SECTION("empty") { files.folder.write("client.key", ""); }
  SECTION("nonsense") { files.folder.write("client.pem", "nonsense"); }
  CHECK(whoami(*transport) == "first");
}

TEST_CASE("an authority that changes on disk is trusted from the next request on, and the old one no more") {
  AskingServer server;
  const TemporaryFolder folder;
  const Authority other;
  folder.write("ca.pem", other.pem());
  auto config = server.config();
  config.ca_file = folder.path("ca.pem");
  config.ca = other.pem();
  const auto transport = open_transport(config);
  KeepingSink refused;
  REQUIRE_FALSE(transport->get(request_for("/"), refused));
  folder.write("ca.pem", server.authority.pem());
  CHECK(whoami(*transport).empty());
  folder.write("ca.pem", other.pem());
  CHECK_FALSE(transport->get(request_for("/"), refused));
}

TEST_CASE("an authority's file that is emptied is not trust in the system's authorities") {
  AskingServer server;
  const TemporaryFolder folder;
  folder.write("ca.pem", server.authority.pem());
  auto config = server.config();
  config.ca_file = folder.path("ca.pem");
  const auto transport = open_transport(config);
  CHECK(whoami(*transport).empty());
  folder.write("ca.pem", "");
  CHECK(whoami(*transport).empty());
  CHECK_FALSE(open_rest_transport(config));
}

TEST_CASE("a server that refuses the client's certificate, or that there is none") {
  AskingServer server(true);
  auto config = server.config();
  SECTION("none") {}
  SECTION("of another authority") {
    const Identity stranger = Authority("elsewhere").issue({"stranger", {}});
    config.client_certificate = stranger.certificate;
    config.client_key = stranger.key;
  }
  KeepingSink sink;
  const auto got = open_transport(config)->get(request_for("/"), sink);
  REQUIRE_FALSE(got);
  INFO(got.error().message);
  CHECK(contains(got.error().message, config.origin));
}

}  // namespace
}  // namespace selvage::k8s_client

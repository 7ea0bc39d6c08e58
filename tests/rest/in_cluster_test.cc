#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {
namespace {

/// A folder as the kubelet mounts it.
class ServiceAccount : public TemporaryFolder {
 public:
  ServiceAccount() {
    write("token", "in-cluster-token\n");
    write("ca.crt", first_pair().certificate + second_pair().certificate);
  }
  [[nodiscard]] Result<ApiConfig> read(const std::string& host = "10.96.0.1", const std::string& port = "443") const {
    return in_cluster_config(environment_of({{"KUBERNETES_SERVICE_HOST", host}, {"KUBERNETES_SERVICE_PORT", port}}),
                             path());
  }
};

}  // namespace

TEST_CASE("a pod's service account is a token that rotates and the cluster's CA") {
  const ServiceAccount account;
  const ApiConfig config = good(account.read());
  CHECK(config.tls);
  CHECK_FALSE(config.insecure);
  CHECK(config.host == "10.96.0.1");
  CHECK(config.port == 443);
  CHECK(config.path_prefix.empty());
  CHECK(config.token == "in-cluster-token");
  CHECK(config.token_file == account.path("token"));
  CHECK(config.ca == first_pair().certificate + second_pair().certificate);
  CHECK(config.ca_file == account.path("ca.crt"));
  CHECK(config.client_certificate.empty());
  CHECK_FALSE(config.origin.empty());
}

TEST_CASE("KUBERNETES_SERVICE_HOST may be an IPv6 address or a name") {
  const std::string host = GENERATE("fd00:10:96::1", "kubernetes.default.svc");
  CHECK(good(ServiceAccount().read(host, "6443")).host == host);
  CHECK(good(ServiceAccount().read(host, "6443")).port == 6443);
}

TEST_CASE("an invalid address of the API server is an error") {
  const auto [host, port] = GENERATE(values<std::pair<std::string, std::string>>({
      {"", "443"},
      {"10.96.0.1", ""},
      {"10.96.0.1", "tcp://10.96.0.1:443"},
      {"10.96.0.1", "0"},
      {"10.96.0.1", "443/x"},
      {"[fd00::1]", "443"},
      {"user@10.96.0.1", "443"},
      {"a/b", "443"},
      {"fd00::g", "443"},
  }));
  CAPTURE(host, port);
  const auto config = ServiceAccount().read(host, port);
  REQUIRE_FALSE(config);
  CHECK(contains(config.error().message, "KUBERNETES_SERVICE_HOST"));
}

TEST_CASE("a service account with something missing or broken is an error that names the file") {
  const ServiceAccount account;
  SECTION("no token") { account.remove("token"); }
  SECTION("an empty token") { account.write("token", " \n"); }
  SECTION("a token of two lines") { account.write("token", "one\ntwo\n"); }
  SECTION("a folder for a token") {
    account.remove("token");
    account.make_folder("token");
  }
  const auto config = account.read();
  REQUIRE_FALSE(config);
  CHECK(contains(config.error().message, account.path("token")));
  CHECK_FALSE(contains(config.error().message, "two"));
}

TEST_CASE("without the token the error has the reason") {
  const ServiceAccount account;
  account.remove("token");
  CHECK(contains(account.read().error().message, "automountServiceAccountToken"));
}

TEST_CASE("a service account's CA must be there, so that no other is trusted instead") {
  const ServiceAccount account;
  SECTION("no file") { account.remove("ca.crt"); }
  SECTION("no certificate in it") { account.write("ca.crt", "nothing\n"); }
  SECTION("empty") { account.write("ca.crt", ""); }
  const auto config = account.read();
  REQUIRE_FALSE(config);
  CHECK(contains(config.error().message, account.path("ca.crt")));
}

}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

Manifests fixture(const std::string& name) {
  const std::string path = std::string(SELVAGE_FIXTURES) + "/" + name;
  const std::string text = read_text(path);
  REQUIRE_FALSE(text.empty());
  Manifests manifests = decode_manifests(text, name);
  for (const auto& error : manifests.errors) FAIL(to_string(error));
  return manifests;
}

std::vector<std::string> keys(const Manifests& manifests) {
  std::vector<std::string> names;
  for (const auto& decoded : manifests.objects) names.push_back(to_string(policy::key_of(decoded.object)));
  return names;
}

}  // namespace

TEST_CASE("YAML written by kubectl get") {
  const Manifests manifests = fixture("kubectl-all.yaml");
  CHECK(keys(manifests) ==
        std::vector<std::string>{"Namespace prod", "Pod prod/web-0", "NetworkPolicy prod/allow-web"});
  const auto& pod = std::get<policy::Pod>(manifests.objects[1].object);
  CHECK(pod.node == "worker-1");
  CHECK(pod.addresses.size() == 2);
  CHECK(pod.ports == std::vector<policy::NamedPort>{{"http", policy::Protocol::tcp, 8080}});
  const auto& found = std::get<policy::NetworkPolicy>(manifests.objects[2].object);
  CHECK(found.isolates_egress);
  REQUIRE(found.ingress.size() == 1);
  CHECK(found.ingress[0].peers.size() == 2);
}

TEST_CASE("JSON and YAML of the same objects are the same") {
  const Manifests yaml = fixture("kubectl-all.yaml");
  const Manifests json = fixture("kubectl-all.json");
  REQUIRE(json.objects.size() == yaml.objects.size());
  for (std::size_t i = 0; i < json.objects.size(); ++i) CHECK(json.objects[i].object == yaml.objects[i].object);
}

TEST_CASE("typed lists, whose items need not have a kind") {
  CHECK(keys(fixture("typed-lists.yaml")) ==
        std::vector<std::string>{"Pod a/one", "Pod a/two", "Namespace a", "NetworkPolicy a/deny"});
}

TEST_CASE("kinds that are not needed are skipped") {
  const auto text = GENERATE(
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: 5}", "apiVersion: v1\nkind: Service\nspec: 5",
      "apiVersion: projectcalico.org/v3\nkind: Tier", "apiVersion: cilium.io/v2\nkind: CiliumEndpoint",
      "apiVersion: crd.antrea.io/v1beta1\nkind: NetworkPolicy",
      "apiVersion: metrics.k8s.io/v1beta1\nkind: PodList\nitems: 5", "apiVersion: networking.k8s.io/v1\nkind: Ingress",
      "kind: Kustomization", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Secret}]",
      "apiVersion: v1\nkind: List\nitems:");
  CAPTURE(text);
  CHECK(decode(text) == Manifests{});
}

TEST_CASE("policies of other APIs are skipped, and counted by type") {
  const auto type = GENERATE(
      TypeName{"policy.networking.k8s.io/v1beta1", "ClusterNetworkPolicy"},
      TypeName{"policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy"},
      TypeName{"policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy"},
      TypeName{"policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy"},
      TypeName{"projectcalico.org/v3", "NetworkPolicy"}, TypeName{"crd.projectcalico.org/v1", "NetworkPolicy"},
      TypeName{"projectcalico.org/v3", "GlobalNetworkPolicy"}, TypeName{"projectcalico.org/v3", "StagedNetworkPolicy"},
      TypeName{"projectcalico.org/v3", "StagedGlobalNetworkPolicy"},
      TypeName{"crd.projectcalico.org/v1", "StagedKubernetesNetworkPolicy"},
      TypeName{"cilium.io/v2", "CiliumNetworkPolicy"}, TypeName{"cilium.io/v2", "CiliumClusterwideNetworkPolicy"});
  CAPTURE(type.api_version, type.kind);
  const std::string text = "apiVersion: " + type.api_version + "\nkind: " + type.kind + "\nspec: 5\n";
  Manifests expected;
  expected.unsupported[type] = 3;
  CHECK(decode(text + "---\n" + text + "---\napiVersion: v1\nkind: List\nitems: [{apiVersion: " + type.api_version +
               ", kind: " + type.kind + "}]\n") == expected);
}

TEST_CASE("example policies load, and other engines' policies are skipped") {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(SELVAGE_FIXTURES) + "/examples")) {
    const std::string name = entry.path().filename();
    const Manifests manifests = decode_manifests(read_text(entry.path()), name);
    CAPTURE(name);
    CHECK(manifests.errors.empty());
    CHECK(manifests.complete);
    CHECK(manifests.objects.size() == (name.rfind("k8s-", 0) == 0 ? 1 : 0));
    CHECK(manifests.unsupported.empty() != manifests.objects.empty());
    ++files;
  }
  CHECK(files > 0);
}

}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

using policy::NetworkPolicy;

/// The fail-closed fallback of a text with one bad policy.
NetworkPolicy fallback(const std::string& text) {
  const Manifests manifests = decode(text);
  CAPTURE(text);
  REQUIRE(manifests.errors.size() == 1);
  CHECK(manifests.errors[0].object == policy::ObjectKey{policy::Kind::network_policy, "prod", "p"});
  CHECK(manifests.complete);
  REQUIRE(manifests.objects.size() == 1);
  CHECK(manifests.objects[0].fallback);
  return std::get<NetworkPolicy>(manifests.objects[0].object);
}

}  // namespace

TEST_CASE("a bad rule grants nothing, the good ones beside it stay") {
  const NetworkPolicy found =
      fallback(policy_yaml("podSelector: {matchLabels: {app: web}}\n"
                           "policyTypes: [Ingress]\n"
                           "ingress:\n"
                           "- from: [{podSelector: {matchLabels: {app: a}}}, {podSelectr: {}}]\n"
                           "- ports: [{port: 80}]\n"
                           "- ports: [{port: 80, endport: 90}]\n"
                           "- from: [{podSelector: {}}]\n"
                           "  ports: [{port: 99999}]\n"));
  CHECK(found.pod_selector == app("web"));
  CHECK(found.isolates_ingress);
  CHECK_FALSE(found.isolates_egress);
  REQUIRE(found.ingress.size() == 1);
  CHECK(found.ingress[0].any_peer);
  CHECK(found.ingress[0].ports ==
        std::vector{policy::PortMatch{policy::Protocol::tcp, policy::PortMatch::Range{80, 80}}});
}

TEST_CASE("a podSelector that cannot be decoded selects all pods") {
  for (const char* selector : {"podSelector: {app: web}", "podSelector: {matchLabels: {app: 5}}", "podSelector: []",
                               "podSelecter: {matchLabels: {app: web}}",
                               "podSelector: {matchLabels: {app: a}}\npodSelector: {matchLabels: {app: b}}"}) {
    CAPTURE(selector);
    CHECK(fallback(policy_yaml(selector)).pod_selector == policy::LabelSelector{});
  }
}

TEST_CASE("directions of a fallback: both, unless policyTypes or its default is certain") {
  struct Case {
    const char* spec;
    bool ingress, egress;
  };
  const auto test = GENERATE(values<Case>({
      {"policyTypes: [Egres]", true, true},
      {"policyTypes: Ingress", true, true},
      {"policyType: [Egress]", true, true},
      {"policyTypes: [Ingress]\npolicyTypes: [Ingress]", true, true},
      {"egress: {}", true, true},
      {"unknown: 1", true, true},
      {"policyTypes: [Egress]\nunknown: 1", false, true},
      {"podSelector: 5", true, false},
      {"podSelector: 5\negress: [{}]", true, true},
      {"egress: [{too: []}]", true, true},
      {"policyTypes: [Ingress]\negress: [{too: []}]", true, false},
      {"policyTypes: [Ingress, Egress, Egress]", true, true},
  }));
  CAPTURE(test.spec);
  const NetworkPolicy found = fallback(policy_yaml(test.spec));
  CHECK(found.isolates_ingress == test.ingress);
  CHECK(found.isolates_egress == test.egress);
}

TEST_CASE("a spec that cannot be read isolates the namespace in both directions") {
  const std::string head =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: prod}\n";
  for (const char* spec :
       {"spec: 5", "spec: []", "spec: {ingress: [{}]}\nspec: {ingress: [{}]}", "Spec: {ingress: [{}]}"}) {
    CAPTURE(spec);
    const NetworkPolicy found = fallback(head + spec);
    CHECK(found.pod_selector == policy::LabelSelector{});
    CHECK(found.isolates_ingress);
    CHECK(found.isolates_egress);
    CHECK(found.ingress.empty());
  }
}

TEST_CASE("a policy of another API version grants nothing: the meaning of its fields is unknown") {
  const NetworkPolicy found = fallback(
      "apiVersion: extensions/v1beta1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: prod}\n"
      "spec: {podSelector: {matchLabels: {app: web}}, ingress: [{}]}");
  CHECK(found.pod_selector == app("web"));
  CHECK(found.isolates_ingress);
  CHECK(found.ingress.empty());
}

TEST_CASE("bad pods and namespaces have no fallback, but are known by name") {
  const Manifests manifests = decode(
      "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {x: 1}}}\n---\n"
      "{apiVersion: v1, kind: Namespace, metadata: {name: b, labels: {x: 1}}}\n");
  CHECK(manifests.objects.empty());
  CHECK(manifests.complete);
  REQUIRE(manifests.errors.size() == 2);
  CHECK(manifests.errors[0].object == policy::ObjectKey{policy::Kind::pod, "default", "a"});
  CHECK(manifests.errors[1].object == policy::ObjectKey{policy::Kind::name_space, "", "b"});
}

TEST_CASE("an object whose identity cannot be read makes the file incomplete") {
  for (const char* text : {"a: b", "a: [", "apiVersion: v1\nkind: Pod\nmetadata: {name: 5}",
                           "apiVersion: v1\nkind: List\nitems: 5", "apiVersion: v1\nkind: List\nitems: [{}]"}) {
    CAPTURE(text);
    const Manifests manifests = decode(text);
    CHECK_FALSE(manifests.complete);
    CHECK(manifests.errors.size() == 1);
    CHECK(manifests.objects.empty());
  }
}

}  // namespace selvage::k8s_client

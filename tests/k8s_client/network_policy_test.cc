#include <catch2/catch.hpp>

#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

using policy::IpBlock;
using policy::LabelRequirement;
using policy::LabelSelector;
using policy::NetworkPolicy;
using policy::Peer;
using policy::PodPeer;
using policy::PortMatch;
using policy::Protocol;
using policy::Rule;
using Operator = LabelRequirement::Operator;

/// The one policy of a text that has no error.
NetworkPolicy good_policy(const std::string& text) {
  const Manifests manifests = decode(text);
  CAPTURE(text);
  for (const auto& error : manifests.errors) FAIL(to_string(error));
  REQUIRE(manifests.objects.size() == 1);
  CHECK(manifests.complete);
  CHECK_FALSE(manifests.objects[0].fallback);
  return std::get<NetworkPolicy>(manifests.objects[0].object);
}

NetworkPolicy expected_policy() {
  NetworkPolicy expected;
  expected.namespace_name = "prod";
  expected.name = "p";
  expected.isolates_ingress = true;
  return expected;
}

Rule one_rule(const std::string& rule) {
  const NetworkPolicy found = good_policy(rule_yaml(rule));
  REQUIRE(found.ingress.size() == 1);
  return found.ingress[0];
}

Peer one_peer(const std::string& peer) {
  const Rule rule = one_rule("{from: [" + peer + "]}");
  CHECK_FALSE(rule.any_peer);
  REQUIRE(rule.peers.size() == 1);
  return rule.peers[0];
}

PortMatch one_port(const std::string& port) {
  const Rule rule = one_rule("{ports: [" + port + "]}");
  CHECK_FALSE(rule.any_port);
  REQUIRE(rule.ports.size() == 1);
  return rule.ports[0];
}

IpPrefix prefix(const char* text) { return IpPrefix::parse(text).value(); }

}  // namespace

TEST_CASE("policyTypes and their defaults") {
  struct Case {
    const char* spec;
    bool ingress, egress;
  };
  const auto test = GENERATE(values<Case>({
      {"podSelector: {}", true, false},
      {"podSelector:", true, false},
      {"policyTypes: []", true, false},
      {"policyTypes: ~\negress: []", true, false},
      {"egress: [{}]", true, true},
      {"egress: ~", true, false},
      {"policyTypes: [Ingress]\negress: [{}]", true, false},
      {"policyTypes: [Egress]\ningress: [{}]", false, true},
      {"policyTypes: [Egress, Ingress]", true, true},
      {"policyTypes: [Ingress, Ingress]", true, false},
  }));
  const NetworkPolicy found = good_policy(policy_yaml(test.spec));
  CAPTURE(test.spec);
  CHECK(found.isolates_ingress == test.ingress);
  CHECK(found.isolates_egress == test.egress);
  if (!test.ingress) CHECK(found.ingress.empty());
  if (!test.egress) CHECK(found.egress.empty());
}

TEST_CASE("a policy without a spec isolates all pods for ingress, as the API server has it") {
  const std::string head =
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p, namespace: prod}\n";
  CHECK(good_policy(head) == expected_policy());
  CHECK(good_policy(head + "spec: {}\n") == expected_policy());
  CHECK(good_policy(head + "spec:\n") == expected_policy());
}

TEST_CASE("the namespace of an object without one") {
  const std::string head = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p";
  CHECK(good_policy(head + "}").namespace_name == "default");
  CHECK(good_policy(head + ", namespace: }").namespace_name == "default");
  CHECK(good_policy(head + ", namespace: ''}").namespace_name == "default");
  CHECK(good_policy(head + ", namespace: x}").namespace_name == "x");
}

TEST_CASE("empty rules, peer lists and port lists") {
  CHECK(good_policy(policy_yaml("ingress: []")).ingress.empty());
  for (const char* rule : {"{}", "{from: [], ports: []}", "{from: ~, ports: ~}", "{from: null}"}) {
    CHECK(one_rule(rule) == Rule{true, {}, true, {}});
  }
}

TEST_CASE("peers") {
  CHECK(one_peer("{podSelector: {matchLabels: {app: web}}}") == Peer(PodPeer{std::nullopt, app("web")}));
  CHECK(one_peer("{podSelector: {}}") == Peer(PodPeer{std::nullopt, {}}));
  CHECK(one_peer("{podSelector: {}, namespaceSelector: ~, ipBlock: ~}") == Peer(PodPeer{std::nullopt, {}}));
  CHECK(one_peer("{namespaceSelector: {matchLabels: {app: web}}}") == Peer(PodPeer{app("web"), {}}));
  CHECK(one_peer("{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}") ==
        Peer(PodPeer{LabelSelector{}, app("web")}));
  CHECK(one_peer("{ipBlock: {cidr: 10.0.0.0/8}}") == Peer(IpBlock{prefix("10.0.0.0/8"), {}}));
  CHECK(one_peer("{ipBlock: {cidr: '::/0', except: ['fd00::/8', '::1/128']}}") ==
        Peer(IpBlock{prefix("::/0"), {prefix("fd00::/8"), prefix("::1/128")}}));
}

TEST_CASE("two selectors in one peer are one peer, in two peers they are two") {
  CHECK(one_rule("{from: [{podSelector: {}, namespaceSelector: {}}]}").peers.size() == 1);
  CHECK(one_rule("{from: [{podSelector: {}}, {namespaceSelector: {}}]}").peers.size() == 2);
}

TEST_CASE("ports") {
  using Range = PortMatch::Range;
  CHECK(one_port("{port: 80}") == PortMatch{Protocol::tcp, Range{80, 80}});
  CHECK(one_port("{protocol: UDP, port: 53}") == PortMatch{Protocol::udp, Range{53, 53}});
  CHECK(one_port("{protocol: SCTP, port: 1, endPort: 65535}") == PortMatch{Protocol::sctp, Range{1, 65535}});
  CHECK(one_port("{port: 80, endPort: 80}") == PortMatch{Protocol::tcp, Range{80, 80}});
  CHECK(one_port("{protocol: UDP}") == PortMatch{Protocol::udp, std::monostate{}});
  CHECK(one_port("{}") == PortMatch{Protocol::tcp, std::monostate{}});
  CHECK(one_port("{port: http}") == PortMatch{Protocol::tcp, std::string("http")});
  CHECK(one_port("{port: 'http', protocol: ~, endPort: ~}") == PortMatch{Protocol::tcp, std::string("http")});
}

TEST_CASE("selectors are normalised") {
  const std::string spec =
      "podSelector:\n"
      "  matchLabels: {tier: back, app: web}\n"
      "  matchExpressions:\n"
      "  - {key: env, operator: In, values: [test, dev, test]}\n"
      "  - {key: env, operator: NotIn, values: [prod]}\n"
      "  - {key: owner, operator: Exists}\n"
      "  - {key: old, operator: DoesNotExist, values: []}\n";
  LabelSelector expected{{{"app", Operator::in, {"web"}},
                          {"tier", Operator::in, {"back"}},
                          {"env", Operator::in, {"dev", "test"}},
                          {"env", Operator::not_in, {"prod"}},
                          {"owner", Operator::exists, {}},
                          {"old", Operator::does_not_exist, {}}}};
  expected.normalize();
  CHECK(good_policy(policy_yaml(spec)).pod_selector == expected);
}

TEST_CASE("label values that look like numbers count when they are quoted") {
  for (const char* value : {"'true'", "\"80\"", "''", "!!str 80", "v1", "1.2.3", "2024-01-01", "0x", "e5", "a_1"}) {
    CAPTURE(value);
    good_policy(policy_yaml(std::string("podSelector: {matchLabels: {app: ") + value + "}}"));
  }
}

TEST_CASE("anchors and aliases work") {
  const std::string spec =
      "podSelector: &sel\n"
      "  matchLabels: {app: web}\n"
      "ingress:\n"
      "- from: [{podSelector: *sel}]\n";
  const NetworkPolicy found = good_policy(policy_yaml(spec));
  CHECK(found.pod_selector == app("web"));
  CHECK(found.ingress.at(0).peers == std::vector<Peer>{PodPeer{std::nullopt, app("web")}});
}

}  // namespace selvage::k8s_client

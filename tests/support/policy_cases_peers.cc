#include "tests/support/policy_cases.h"

/// The peers of a rule: podSelector, namespaceSelector, both, several, none.
namespace selvage::testing {
namespace {

const policy::LabelSelector kApiPods = where({is("app", "api")});

/// The world with one policy: prod/api-0 may be reached by `peers`.
std::vector<policy::Object> api_from(std::vector<policy::Peer> peers) {
  return world_with({ingress_policy("prod/api", kApiPods, {allow(std::move(peers))})});
}

/// The world with one policy: prod/api-0 may reach `peers`.
std::vector<policy::Object> api_to(std::vector<policy::Peer> peers) {
  return world_with({egress_policy("prod/api", kApiPods, {allow(std::move(peers))})});
}

std::vector<PolicyCase> selector_cases() {
  return {
      {"podSelector means pods of the policy's own namespace",
       api_from({pods(where({is("app", "web")}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(ping(kWeb6, kApi6)), passes(tcp(kFar, kApi, 80)),
        drops(tcp(kDev, kApi, 80)), drops(tcp(kDb, kApi, 80)), drops(tcp(kGhost, kApi, 80)),
        drops(tcp(kWorld, kApi, 80))}},
      {"podSelector {} means all pods of the own namespace",
       api_from({pods(where())}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDb, kApi, 80)), passes(tcp(kFar, kApi, 80)),
        drops(tcp(kDev, kApi, 80)), drops(tcp(kProm, kApi, 80)), drops(tcp(kWorld, kApi, 80))}},
      {"namespaceSelector means all pods of the namespaces",
       api_from({namespaces(where({is("team", "ops")}))}),
       {passes(tcp(kProm, kApi, 80)), drops(tcp(kWeb, kApi, 80)), drops(tcp(kDns, kApi, 80)),
        drops(tcp(kNodeAddress, kApi, 80))}},
      {"namespaceSelector {} means all pods of all known namespaces",
       api_from({namespaces(where())}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDev, kApi, 80)), passes(tcp(kProm, kApi, 80)),
        passes(tcp(kDns, kApi, 80)), drops(tcp(kGhost, kApi, 80)), drops(tcp(kWorld, kApi, 80))}},
      {"a namespace by its kubernetes.io/metadata.name",
       api_from({namespaces(where({is("kubernetes.io/metadata.name", "dev")}))}),
       {passes(tcp(kDev, kApi, 80)), drops(tcp(kWeb, kApi, 80))}},
      {"namespaceSelector and podSelector in one peer: both must hold",
       api_from({pods_in(where({is("team", "shop")}), where({is("app", "web")}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDev, kApi, 80)), drops(tcp(kDb, kApi, 80)),
        drops(tcp(kProm, kApi, 80))}},
      {"namespaceSelector and podSelector in two peers: either",
       api_from({namespaces(where({is("team", "ops")})), pods(where({is("app", "web")}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kProm, kApi, 80)), drops(tcp(kDev, kApi, 80)),
        drops(tcp(kDb, kApi, 80))}},
      {"namespaceSelector {} with a podSelector: such pods everywhere",
       api_from({pods_in(where(), where({is("app", "web")}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDev, kApi, 80)), drops(tcp(kDb, kApi, 80)),
        drops(tcp(kGhost, kApi, 80))}},
      {"a rule whose peers were all refused matches no peer",
       api_from({}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kWorld, kApi, 80))}},
      {"egress to pods and namespaces",
       api_to({pods(where({is("app", "db")})), namespaces(where({is("kubernetes.io/metadata.name", "kube-system")}))}),
       {passes(tcp(kApi, kDb, 5432)), passes(udp(kApi, kDns, 53)), drops(tcp(kApi, kWeb, 80)),
        drops(tcp(kApi, kWorld, 80)), passes(tcp(kDb, kApi, 80))}},
      {"no peer means anyone, addresses without a pod too",
       world_with({ingress_policy("prod/api", kApiPods, {allow_anyone({port(policy::Protocol::tcp, 80)})})}),
       {passes(tcp(kWorld, kApi, 80)), passes(tcp(kDev, kApi, 80)), passes(tcp(kGhost, kApi, 80)),
        passes(tcp(kNodeAddress, kApi, 80)), passes(tcp(kWorld6, kApi6, 80)), drops(tcp(kWorld, kApi, 81))}},
  };
}

std::vector<PolicyCase> expression_cases() {
  return {
      {"In",
       api_from({pods(where({one_of("app", {"db", "web"})}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDb, kApi, 80)), drops(tcp(kDev, kApi, 80))}},
      {"NotIn holds for an absent key",
       api_from({pods(where({none_of("tier", {"front"})}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDb, kApi, 80)), drops(tcp(kDev, kApi, 80))}},
      {"NotIn refuses a listed value",
       api_from({pods(where({none_of("tier", {"back"})}))}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kDb, kApi, 80))}},
      {"Exists", api_from({pods(where({has("tier")}))}), {passes(tcp(kDb, kApi, 80)), drops(tcp(kWeb, kApi, 80))}},
      {"DoesNotExist",
       api_from({pods(where({lacks("tier")}))}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kDb, kApi, 80)), drops(tcp(kWorld, kApi, 80))}},
      {"matchLabels and matchExpressions must both hold",
       api_from({pods(where({is("tier", "back"), none_of("app", {"web"})}))}),
       {passes(tcp(kDb, kApi, 80)), drops(tcp(kWeb, kApi, 80))}},
      {"two contradicting requirements match no pod",
       api_from({pods(where({has("tier"), lacks("tier")}))}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kDb, kApi, 80))}},
      {"a negative namespaceSelector matches known namespaces without the label, never an unknown one",
       api_from({namespaces(where({none_of("stage", {"dev"})}))}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kProm, kApi, 80)), drops(tcp(kDev, kApi, 80)),
        drops(tcp(kGhost, kApi, 80))}},
      {"DoesNotExist on namespaces never matches an unknown one",
       api_from({namespaces(where({lacks("stage")}))}),
       {passes(tcp(kDns, kApi, 80)), drops(tcp(kDev, kApi, 80)), drops(tcp(kGhost, kApi, 80))}},
      {"the policy's own podSelector takes expressions too",
       world_with({ingress_policy("prod/back", where({has("tier"), none_of("app", {"db"})}), {})}),
       {drops(tcp(kWeb, kApi, 80)), passes(tcp(kWeb, kDb, 80)), passes(tcp(kDb, kWeb, 80))}},
      {"egress by a negative selector reaches pods only, no other address",
       api_to({pods_in(where(), where({lacks("tier")}))}),
       {passes(tcp(kApi, kWeb, 80)), passes(tcp(kApi, kProm, 80)), drops(tcp(kApi, kDb, 80)),
        drops(tcp(kApi, kWorld, 80)), drops(tcp(kApi, kNodeAddress, 80)), drops(tcp(kApi, kGhost, 80))}},
  };
}

}  // namespace

std::vector<PolicyCase> peer_cases() {
  auto all = selector_cases();
  for (auto& one : expression_cases()) all.push_back(std::move(one));
  return all;
}

}  // namespace selvage::testing

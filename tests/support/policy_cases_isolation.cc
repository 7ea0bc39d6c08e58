#include "tests/support/policy_cases.h"

/// Which pods are isolated, and how policies and directions add up.
namespace selvage::testing {
namespace {

using policy::NetworkPolicy;
using policy::Protocol;

const policy::LabelSelector kApiPods = where({is("app", "api")});
const policy::LabelSelector kWebPods = where({is("app", "web")});

std::vector<PolicyCase> default_cases() {
  return {
      {"no policy: everything passes",
       world_with({}),
       {passes(tcp(kWeb, kApi, 80)), passes(udp(kWorld, kApi, 9)), passes(ping(kWeb, kDev)), passes(esp(kApi, kWorld)),
        passes(tcp(kWeb6, kApi6, 80))}},
      {"default deny ingress: nothing enters the namespace, everything leaves it",
       world_with({ingress_policy("prod/deny", where(), {})}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kProm, kWeb, 80)), drops(ping(kWorld, kDb)), drops(esp(kWorld, kDb)),
        drops(tcp(kWeb6, kApi6, 80)), drops(udp(kWorld6, kWeb6, 53)), passes(tcp(kWeb, kDev, 80)),
        passes(udp(kApi, kWorld, 53))}},
      {"default deny egress: nothing leaves the namespace, everything enters it",
       world_with({egress_policy("prod/deny", where(), {})}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kWorld, 443)), drops(ping(kDb, kProm)), drops(udp(kApi6, kWeb6, 1)),
        passes(tcp(kDev, kApi, 80)), passes(tcp(kWorld, kWeb, 80))}},
      {"default deny of both directions",
       world_with({both_policy("prod/deny", where(), {}, {})}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kDev, kApi, 80)), drops(tcp(kApi, kDev, 80)),
        passes(tcp(kDev, kProm, 80))}},
      {"default allow ingress",
       world_with({ingress_policy("prod/allow", where(), {allow_all()})}),
       {passes(tcp(kWorld, kApi, 1)), passes(ping(kProm, kWeb)), passes(esp(kWorld6, kApi6))}},
      {"default allow egress",
       world_with({egress_policy("prod/allow", where(), {allow_all()})}),
       {passes(tcp(kApi, kWorld, 1)), passes(ping(kWeb, kProm)), passes(esp(kApi6, kWorld6))}},
  };
}

std::vector<PolicyCase> scope_cases() {
  NetworkPolicy no_types = ingress_policy("prod/idle", where(), {});
  no_types.isolates_ingress = false;
  NetworkPolicy egress_rules_unused = ingress_policy("prod/in", kApiPods, {allow({pods(kWebPods)})});
  egress_rules_unused.egress = {allow({pods(where({is("app", "db")}))})};
  NetworkPolicy ingress_rules_unused = egress_policy("prod/out", kApiPods, {allow({pods(kWebPods)})});
  ingress_rules_unused.ingress = {allow({pods(where({is("app", "db")}))})};
  return {
      {"a policy without a type isolates no pod", world_with({no_types}), {passes(tcp(kWorld, kWeb, 80))}},
      {"a policy isolates only the pods that it selects",
       world_with({ingress_policy("prod/api", kApiPods, {})}),
       {drops(tcp(kWeb, kApi, 80)), passes(tcp(kWeb, kDb, 80)), passes(tcp(kApi, kWeb, 80))}},
      {"a policy isolates only pods of its own namespace",
       world_with({ingress_policy("prod/web", kWebPods, {})}),
       {drops(tcp(kApi, kWeb, 80)), passes(tcp(kApi, kDev, 80))}},
      {"policyTypes [Ingress] does not restrict egress, whatever egress rules say",
       world_with({egress_rules_unused}),
       {passes(tcp(kApi, kWorld, 80)), passes(tcp(kApi, kDb, 80)), passes(tcp(kWeb, kApi, 80)),
        drops(tcp(kDb, kApi, 80))}},
      {"policyTypes [Egress] does not restrict ingress, whatever ingress rules say",
       world_with({ingress_rules_unused}),
       {passes(tcp(kWorld, kApi, 80)), passes(tcp(kDb, kApi, 80)), passes(tcp(kApi, kWeb, 80)),
        drops(tcp(kApi, kDb, 80))}},
      {"another node enforces for its own pods",
       world_with({both_policy("monitoring/deny", where(), {}, {}), both_policy("prod/far", kWebPods, {}, {})}),
       {passes(tcp(kApi, kProm, 80)), passes(tcp(kProm, kApi, 80)), passes(tcp(kApi, kFar, 80)),
        drops(tcp(kApi, kWeb, 80)), drops(tcp(kWeb, kProm, 80))}},
      {"a policy in a namespace that is not known still isolates",
       world_with({pod("ghost/db-0", {{"app", "db"}}, {"10.244.1.9"}, kNode),
                   ingress_policy("ghost/db", where(), {allow({pods(kWebPods)})})}),
       {drops(tcp(kWeb, "10.244.1.9", 80)), passes(tcp(kGhost, "10.244.1.9", 80))}},
  };
}

std::vector<PolicyCase> union_cases() {
  const auto from_web = ingress_policy("prod/from-web", kApiPods, {allow({pods(kWebPods)}, {port(Protocol::tcp, 80)})});
  const auto from_db =
      ingress_policy("prod/from-db", kApiPods, {allow({pods(where({is("app", "db")}))}, {port(Protocol::tcp, 81)})});
  return {
      {"policies add up: the union of their rules is allowed",
       world_with({from_web, from_db, ingress_policy("prod/deny", where(), {})}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 81)), passes(tcp(kDb, kApi, 81)), drops(tcp(kDb, kApi, 80)),
        drops(tcp(kProm, kApi, 80)), drops(tcp(kApi, kWeb, 80))}},
      {"rules of one policy add up, and do not mix peers with each other's ports",
       world_with({ingress_policy("prod/two", kApiPods,
                                  {allow({pods(kWebPods)}, {port(Protocol::tcp, 80)}),
                                   allow({namespaces(where({is("team", "ops")}))}, {port(Protocol::tcp, 9090)})})}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 9090)), passes(tcp(kProm, kApi, 9090)),
        drops(tcp(kProm, kApi, 80))}},
      {"an allowing rule wins over any denying policy",
       world_with({ingress_policy("prod/a-deny", where(), {}), ingress_policy("prod/b-allow", where(), {allow_all()}),
                   ingress_policy("prod/c-deny", where(), {})}),
       {passes(tcp(kWorld, kApi, 80)), passes(ping(kProm, kWeb))}},
      {"egress of the source and ingress of the destination must agree",
       world_with({egress_policy("prod/web-out", kWebPods, {allow({pods(kApiPods)}, {port(Protocol::tcp, 80)})}),
                   ingress_policy("prod/api-in", kApiPods, {allow({pods(kWebPods)}, {port(Protocol::tcp, 81)})})}),
       {drops(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 81))}},
      {"an ingress rule does not satisfy the egress side of the same policy",
       world_with({both_policy("prod/all", where(), {allow({pods(where())})}, {})}),
       {drops(tcp(kWeb, kApi, 80)), passes(tcp(kFar, kApi, 80))}},
      {"an egress rule does not satisfy the ingress side of the same policy",
       world_with({both_policy("prod/all", where(), {}, {allow({pods(where())})})}),
       {drops(tcp(kWeb, kApi, 80)), passes(tcp(kWeb, kFar, 80))}},
      {"both sides allowed by one policy",
       world_with({both_policy("prod/all", where(), {allow({pods(where())})}, {allow({pods(where())})})}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kDev, kApi, 80)), drops(tcp(kWeb, kDev, 80))}},
      {"a pod reaches itself, whatever policies say",
       world_with({both_policy("prod/deny", where(), {}, {})}),
       {passes(tcp(kApi, kApi, 80)), passes(ping(kApi6, kApi6)), drops(tcp(kApi, kDb, 80))}},
  };
}

}  // namespace

std::vector<PolicyCase> isolation_cases() {
  std::vector<PolicyCase> all;
  for (const auto& group : {default_cases(), scope_cases(), union_cases()}) {
    all.insert(all.end(), group.begin(), group.end());
  }
  return all;
}

}  // namespace selvage::testing

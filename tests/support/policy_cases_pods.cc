#include "tests/support/policy_cases.h"

/// Which pods take part, and which pod owns an address.
namespace selvage::testing {
namespace {

using policy::Pod;
using policy::Protocol;

const policy::LabelSelector kApiPods = where({is("app", "api")});
const policy::LabelSelector kWebPods = where({is("app", "web")});
constexpr const char* kShared = "10.244.1.20";

Pod finished(Pod pod) {
  pod.finished = true;
  return pod;
}

Pod host_network(Pod pod) {
  pod.host_network = true;
  return pod;
}

Pod created(std::int64_t when, Pod pod) {
  pod.created = when;
  return pod;
}

policy::NetworkPolicy api_from_web() { return ingress_policy("prod/api", kApiPods, {allow({pods(kWebPods)})}); }

std::vector<PolicyCase> phase_cases() {
  return {
      {"a hostNetwork pod is not isolated, and no peer by labels",
       world_with({both_policy("monitoring/deny", where(), {}, {}),
                   ingress_policy("prod/api", kApiPods, {allow({namespaces(where({is("team", "ops")}))})})}),
       {passes(tcp(kWorld, kNodeAddress, 80)), passes(tcp(kNodeAddress, kWeb, 80)), drops(tcp(kNodeAddress, kApi, 80)),
        passes(tcp(kProm, kApi, 80))}},
      {"a hostNetwork pod does not offer its named ports",
       world_with({host_network(
                       pod("prod/proxy", {{"app", "proxy"}}, {"192.168.0.7"}, "node-b", {{"http", Protocol::tcp, 80}})),
                   egress_policy("prod/api", kApiPods, {allow_anyone({port_name(Protocol::tcp, "http")})})}),
       {drops(tcp(kApi, "192.168.0.7", 80)), passes(tcp(kApi, kFar, 8000))}},
      {"a finished pod is gone: neither isolated nor a peer",
       world_with({finished(pod("prod/web-0", {{"app", "web"}}, {kWeb}, kNode)),
                   finished(pod("prod/job", {{"app", "api"}}, {kShared}, kNode)), api_from_web()}),
       {drops(tcp(kWeb, kApi, 80)), passes(tcp(kFar, kApi, 80)), passes(tcp(kDb, kShared, 80))}},
      {"a pod without an address matches nothing and affects no other pod",
       world_with({pod("prod/web-2", {{"app", "web"}}, {}, kNode), pod("prod/api-2", {{"app", "api"}}, {}, kNode),
                   api_from_web()}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kWorld, kApi, 80)), passes(tcp(kWorld, kDb, 80))}},
      {"an unscheduled pod is enforced by no node",
       world_with({pod("prod/api-0", {{"app", "api"}}, {kApi}, ""), api_from_web()}),
       {passes(tcp(kDb, kApi, 80)), passes(tcp(kApi, kDb, 80))}},
      {"both addresses of a dual-stack pod are isolated and are peers",
       world_with({api_from_web()}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kWeb6, kApi6, 80)), drops(tcp(kDb, kApi, 80)),
        drops(tcp(kWorld6, kApi6, 80)), drops(ping("fd00:244:1::99", kApi6))}},
      {"an IPv6-only pod",
       world_with({pod("prod/api-0", {{"app", "api"}}, {kApi6}, kNode), api_from_web()}),
       {passes(tcp(kWeb6, kApi6, 80)), drops(tcp(kWorld6, kApi6, 80)), passes(tcp(kDb, kApi, 80))}},
  };
}

std::vector<PolicyCase> address_cases() {
  const auto old_web = created(1, pod("prod/old", {{"app", "web"}}, {kShared}, kNode));
  return {
      {"a running pod owns the address that a finished one had, older or not",
       world_with({created(1, pod("prod/now", {{"app", "web"}}, {kShared}, kNode)),
                   finished(created(9, pod("prod/was", {{"app", "db"}}, {kShared}, kNode))), api_from_web()}),
       {passes(tcp(kShared, kApi, 80))}},
      {"of two running pods with one address the newest owns it, as a peer",
       world_with({old_web, created(2, pod("prod/new", {{"app", "db"}}, {kShared}, kNode)), api_from_web()}),
       {drops(tcp(kShared, kApi, 80))}},
      {"of two running pods with one address the newest owns it, as an isolated pod",
       world_with({old_web, created(2, pod("prod/new", {{"app", "api"}}, {kShared}, kNode)), api_from_web()}),
       {drops(tcp(kDb, kShared, 80)), passes(tcp(kWeb, kShared, 80))}},
      {"the newest owner is on another node: not isolated here",
       world_with({created(1, pod("prod/old", {{"app", "api"}}, {kShared}, kNode)),
                   created(2, pod("prod/new", {{"app", "api"}}, {kShared}, "node-b")), api_from_web()}),
       {passes(tcp(kDb, kShared, 80))}},
      {"of one age, the greater namespace and name owns the address",
       world_with({created(1, pod("prod/a", {{"app", "api"}}, {kShared}, kNode)),
                   created(1, pod("prod/b", {{"app", "db"}}, {kShared}, kNode)),
                   created(1, pod("dev/z", {{"app", "api"}}, {kShared}, kNode)), api_from_web()}),
       {passes(tcp(kDb, kShared, 80)), drops(tcp(kShared, kApi, 80))}},
      {"a hostNetwork pod does not take an address from a pod",
       world_with(
           {old_web, host_network(created(9, pod("prod/host", {{"app", "db"}}, {kShared}, kNode))), api_from_web()}),
       {passes(tcp(kShared, kApi, 80))}},
      {"a dual-stack pod may own one of its addresses only",
       world_with({created(1, pod("prod/both", {{"app", "api"}}, {kShared, "fd00:244:1::20"}, kNode)),
                   created(2, pod("prod/new", {{"app", "db"}}, {kShared}, kNode)), api_from_web()}),
       {passes(tcp(kDb, kShared, 80)), drops(tcp(kWorld6, "fd00:244:1::20", 80)),
        passes(tcp(kWeb6, "fd00:244:1::20", 80))}},
      {"an address without an owner is a peer by blocks and as anyone only",
       world_with({ingress_policy("prod/api", kApiPods,
                                  {allow({namespaces(where()), pods(where())}), allow_anyone({port(Protocol::tcp, 80)}),
                                   allow({block("203.0.113.0/24")}, {port(Protocol::tcp, 81)})})}),
       {drops(ping(kWorld, kApi)), passes(tcp(kWorld, kApi, 80)), passes(tcp(kWorld, kApi, 81)),
        drops(tcp("203.0.114.1", kApi, 81)), passes(ping(kWeb, kApi))}},
  };
}

}  // namespace

std::vector<PolicyCase> pod_cases() {
  auto all = phase_cases();
  for (auto& one : address_cases()) all.push_back(std::move(one));
  return all;
}

}  // namespace selvage::testing

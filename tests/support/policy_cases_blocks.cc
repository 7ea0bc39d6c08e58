#include "tests/support/policy_cases.h"

/// ipBlock: cidr, except, both families, pods inside blocks.
namespace selvage::testing {
namespace {

using policy::Protocol;

const policy::LabelSelector kApiPods = where({is("app", "api")});

std::vector<policy::Object> api_from(std::vector<policy::Rule> rules) {
  return world_with({ingress_policy("prod/api", kApiPods, std::move(rules))});
}

std::vector<policy::Object> api_to(std::vector<policy::Peer> peers) {
  return world_with({egress_policy("prod/api", kApiPods, {allow(std::move(peers))})});
}

}  // namespace

std::vector<PolicyCase> block_cases() {
  return {
      {"a block matches its first and last address and not their neighbours",
       api_from({allow({block("172.16.8.0/22")})}),
       {drops(tcp("172.16.7.255", kApi, 80)), passes(tcp("172.16.8.0", kApi, 80)), passes(ping("172.16.11.255", kApi)),
        drops(tcp("172.16.12.0", kApi, 80)), drops(tcp(kWorld6, kApi6, 80))}},
      {"except cuts a hole",
       api_from({allow({block("172.16.0.0/16", {"172.16.1.0/24", "172.16.255.255/32"})})}),
       {passes(tcp("172.16.0.255", kApi, 80)), drops(tcp("172.16.1.0", kApi, 80)), drops(tcp("172.16.1.255", kApi, 80)),
        passes(tcp("172.16.2.0", kApi, 80)), passes(tcp("172.16.255.254", kApi, 80)),
        drops(tcp("172.16.255.255", kApi, 80))}},
      {"except cuts from its own block only",
       api_from({allow({block("172.16.0.0/16", {"172.16.1.0/24"}), block("172.16.1.8/29")})}),
       {drops(tcp("172.16.1.7", kApi, 80)), passes(tcp("172.16.1.8", kApi, 80)), passes(tcp("172.16.1.15", kApi, 80)),
        drops(tcp("172.16.1.16", kApi, 80))}},
      {"except of one rule does not cut from another rule",
       api_from({allow({block("172.16.0.0/16", {"172.16.1.0/24"})}),
                 allow({block("172.16.1.0/24")}, {port(Protocol::tcp, 443)})}),
       {passes(tcp("172.16.2.1", kApi, 80)), drops(tcp("172.16.1.1", kApi, 80)), passes(tcp("172.16.1.1", kApi, 443)),
        passes(tcp("172.16.2.1", kApi, 443))}},
      {"nested excepts are the wider one",
       api_from({allow({block("172.16.0.0/16", {"172.16.1.0/24", "172.16.1.8/29"})})}),
       {drops(tcp("172.16.1.9", kApi, 80)), drops(tcp("172.16.1.1", kApi, 80)), passes(tcp("172.16.3.1", kApi, 80))}},
      {"nested blocks with ports of their own",
       api_from({allow({block("10.0.0.0/8")}, {port(Protocol::tcp, 80)}),
                 allow({block("10.1.0.0/16")}, {port(Protocol::tcp, 81)})}),
       {passes(tcp("10.2.0.1", kApi, 80)), drops(tcp("10.2.0.1", kApi, 81)), passes(tcp("10.1.0.1", kApi, 80)),
        passes(tcp("10.1.0.1", kApi, 81)), drops(tcp("11.0.0.0", kApi, 80))}},
      {"a single address",
       api_from({allow({block("203.0.113.9/32")})}),
       {passes(tcp(kWorld, kApi, 80)), drops(tcp("203.0.113.8", kApi, 80)), drops(tcp("203.0.113.10", kApi, 80))}},
      {"0.0.0.0/0 is all of IPv4, pods too, and nothing of IPv6",
       api_from({allow({block("0.0.0.0/0")})}),
       {passes(tcp(kWorld, kApi, 80)), passes(tcp(kWeb, kApi, 80)), passes(tcp(kGhost, kApi, 80)),
        passes(tcp("255.255.255.255", kApi, 80)), drops(tcp(kWorld6, kApi6, 80)), drops(tcp(kWeb6, kApi6, 80))}},
      {"::/0 is all of IPv6 and nothing of IPv4",
       api_from({allow({block("::/0")})}),
       {passes(tcp(kWorld6, kApi6, 80)), passes(tcp(kWeb6, kApi6, 80)), drops(tcp(kWorld, kApi, 80)),
        drops(tcp(kWeb, kApi, 80))}},
      {"an IPv6 block with except",
       api_from({allow({block("2001:db8::/64", {"2001:db8::8/125"})})}),
       {passes(tcp("2001:db8::7", kApi6, 80)), drops(tcp("2001:db8::8", kApi6, 80)),
        drops(tcp("2001:db8::f", kApi6, 80)), passes(tcp("2001:db8::10", kApi6, 80)),
        drops(tcp("2001:db8:0:1::", kApi6, 80))}},
      {"the whole internet but the private networks, egress",
       api_to({block("0.0.0.0/0", {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"})}),
       {passes(tcp(kApi, kWorld, 443)), drops(tcp(kApi, kDb, 443)), drops(tcp(kApi, "172.31.255.255", 443)),
        passes(tcp(kApi, "172.32.0.0", 443)), drops(tcp(kApi, kNodeAddress, 443)), drops(tcp(kApi6, kWorld6, 443))}},
      {"pods in a block are peers by their address",
       api_from({allow({block("10.244.1.0/29")})}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kDev, kApi, 80)), drops(tcp(kProm, kApi, 80))}},
      {"a pod cut out of a block may still be a peer by its labels",
       api_from({allow({block("10.244.0.0/16", {"10.244.1.2/32"})}),
                 allow({pods(where({is("app", "web")}))}, {port(Protocol::tcp, 80)})}),
       {passes(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 81)), passes(tcp(kDev, kApi, 81))}},
      {"a hostNetwork pod is a peer by its node's address only",
       api_from({allow({block("192.168.0.0/24"), pods_in(where(), where({is("app", "agent")}))})}),
       {passes(tcp(kNodeAddress, kApi, 80)), passes(tcp("192.168.0.2", kApi, 80)),
        drops(tcp("192.168.1.1", kApi, 80))}},
  };
}

}  // namespace selvage::testing

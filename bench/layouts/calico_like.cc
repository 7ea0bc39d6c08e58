#include <map>

#include "bench/layouts/nft_text.h"
#include "bench/layouts/rule_per_policy.h"

namespace selvage::bench {
namespace {

constexpr const char* kAccept = "meta mark & 0x10000 == 0x10000 ";

/// For each endpoint, the names of the policy chains that it jumps to.
using Endpoints = std::map<std::string, std::vector<std::string>>;

std::string policy_chain(const FlatPolicy& policy, const char* direction, const std::vector<FlatRule>& rules,
                         std::string& sets, Endpoints& endpoints) {
  const std::string chain = std::string("cali_p") + direction + "_" + policy.id;
  const std::string side = *direction == 'i' ? "saddr" : "daddr";
  std::string text = "chain " + chain + " {\n";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string set = set_name(policy, direction, i);
    sets += sets_of(rules[i], set);
    for (const std::string& match : matches_of(rules[i], set, side))
      text += match + "meta mark set meta mark | 0x10000\n" + kAccept + "return\n";
  }
  for (const std::string& pod : policy.locals) endpoints[pod].push_back(chain);
  return text + "}\n";
}

std::string endpoint_chain(const std::string& name, const std::vector<std::string>& policies) {
  std::string text = "chain " + name +
                     " {\nct state established,related accept\nct state invalid drop\n"
                     "meta mark set meta mark & 0xfffeffff\n";
  if (policies.empty()) return text + "meta mark set meta mark | 0x10000\n" + kAccept + "return\ndrop\n}\n";
  text += "meta mark set meta mark & 0xfffdffff\n";
  for (const std::string& policy : policies)
    text += "meta mark & 0x20000 == 0x0 jump " + policy + "\n" + kAccept + "return\n";
  return text + "meta mark & 0x20000 == 0x0 drop\ndrop\n}\n";
}

std::string dispatch(const Flat& flat, const char* direction, const Endpoints& endpoints) {
  std::string chains;
  std::vector<std::string> elements;
  for (const std::string& pod : flat.locals) {
    const std::string name = std::string("cali_") + direction + "w_" + name_of(pod);
    const auto found = endpoints.find(pod);
    chains += endpoint_chain(name, found == endpoints.end() ? std::vector<std::string>() : found->second);
    elements.push_back(pod + " : jump " + name);
  }
  const std::string map = std::string("cali_dispatch_") + direction;
  return chains + "map " + map + " { type ipv4_addr : verdict; elements = { " + join(elements, ", ") + " } }\n";
}

}  // namespace

std::string calico_like(const Flat& flat) {
  std::string sets;
  std::string chains;
  Endpoints to;
  Endpoints from;
  for (const FlatPolicy& policy : flat.policies) {
    if (policy.locals.empty()) continue;
    if (policy.isolates_ingress) chains += policy_chain(policy, "i", policy.ingress, sets, to);
    if (policy.isolates_egress) chains += policy_chain(policy, "o", policy.egress, sets, from);
  }
  const std::string ends = dispatch(flat, "t", to) + dispatch(flat, "f", from);
  return "table ip calico {\n" + sets + chains + ends +
         "chain cali_forward {\nmeta mark set meta mark & 0xfffcffff\n"
         "ip saddr vmap @cali_dispatch_f\nip daddr vmap @cali_dispatch_t\n" +
         kAccept +
         "accept\n}\nchain forward { type filter hook forward priority filter; policy accept; jump cali_forward; }\n}"
         "\n";
}

}  // namespace selvage::bench

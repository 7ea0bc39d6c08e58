#include "bench/layouts/rule_per_policy.h"

#include <algorithm>
#include <iterator>

#include "bench/layouts/nft_text.h"

namespace selvage::bench {
namespace {

constexpr const char* kTable = " ip rules ";

std::vector<std::string> sorted(std::vector<std::string> values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

void add_direction(const FlatPolicy& policy, const std::string& direction, const std::vector<FlatRule>& rules,
                   RuleTable& table) {
  const std::string side = direction == "i" ? "saddr" : "daddr";
  std::string lines;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string set = set_name(policy, direction.c_str(), i);
    if (!rules[i].pods.empty()) table.sets[set] = {false, sorted(rules[i].pods)};
    if (!rules[i].blocks.empty()) table.sets[set + "_net"] = {true, sorted(rules[i].blocks)};
    for (const std::string& match : matches_of(rules[i], set, side)) lines += match + "return\n";
  }
  for (const std::string& pod : policy.locals) {
    const std::string chain = "pod_" + direction + "_" + name_of(pod);
    table.chains[chain] += lines;
    table.maps["pods_" + direction][pod] = chain;
  }
}

std::string definition(const RuleTable::Set& set) {
  return set.interval ? "{ type ipv4_addr; flags interval; auto-merge; }\n" : "{ type ipv4_addr; }\n";
}

/// "add element ..." or "delete element ..." for the elements of `some` that are not in `others`; empty for none.
std::string elements_line(const std::string& verb, const std::string& set, const std::vector<std::string>& some,
                          const std::vector<std::string>& others) {
  std::vector<std::string> these;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(these));
  return these.empty() ? "" : verb + " element" + kTable + set + " { " + join(these, ", ") + " }\n";
}

std::vector<std::string> elements_of(const std::map<std::string, std::string>& map) {
  std::vector<std::string> elements;
  for (const auto& [address, chain] : map) elements.push_back(address + " : jump " + chain);
  return elements;
}

std::string rules_of(const std::string& chain, const std::string& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    text += "add rule" + std::string(kTable) + chain + " " + lines.substr(at, end + 1 - at);
    at = end + 1;
  }
  return text + "add rule" + kTable + chain + " drop\n";
}

template <class Value>
const Value& value_of(const std::map<std::string, Value>& map, const std::string& key) {
  static const Value kNone{};
  const auto found = map.find(key);
  return found == map.end() ? kNone : found->second;
}

std::string additions(const RuleTable& have, const RuleTable& want) {
  std::string text;
  for (const auto& [name, set] : want.sets) {
    if (!have.sets.contains(name)) text += "add set" + std::string(kTable) + name + " " + definition(set);
    text += elements_line("delete", name, value_of(have.sets, name).elements, set.elements);
    text += elements_line("add", name, set.elements, value_of(have.sets, name).elements);
  }
  for (const auto& [name, lines] : want.chains) {
    const auto found = have.chains.find(name);
    if (found != have.chains.end() && found->second == lines) continue;
    text += (found == have.chains.end() ? "add chain" : "flush chain") + std::string(kTable) + name + "\n";
    text += rules_of(name, lines);
  }
  for (const char* map : {"pods_i", "pods_e"})
    text += elements_line("add", map, elements_of(value_of(want.maps, map)), elements_of(value_of(have.maps, map)));
  return text;
}

std::string removals(const RuleTable& have, const RuleTable& want) {
  std::string text;
  for (const char* map : {"pods_i", "pods_e"})
    text += elements_line("delete", map, elements_of(value_of(have.maps, map)), elements_of(value_of(want.maps, map)));
  for (const auto& [name, lines] : have.chains)
    if (!want.chains.contains(name)) text += "delete chain" + std::string(kTable) + name + "\n";
  for (const auto& [name, set] : have.sets)
    if (!want.sets.contains(name)) text += "delete set" + std::string(kTable) + name + "\n";
  return text;
}

}  // namespace

std::string set_name(const FlatPolicy& policy, const char* direction, std::size_t rule) {
  return "s" + policy.id + direction + std::to_string(rule);
}

RuleTable rule_per_policy(const Flat& flat) {
  RuleTable table;
  for (const FlatPolicy& policy : flat.policies) {
    if (policy.locals.empty()) continue;
    if (policy.isolates_ingress) add_direction(policy, "i", policy.ingress, table);
    if (policy.isolates_egress) add_direction(policy, "e", policy.egress, table);
  }
  return table;
}

std::string to_text(const RuleTable& table) {
  return "add table ip rules\n"
         "add map ip rules pods_i { type ipv4_addr : verdict; }\nadd map ip rules pods_e { type ipv4_addr : verdict; "
         "}\n"
         "add chain ip rules forward { type filter hook forward priority filter; policy accept; }\n"
         "add rule ip rules forward ct state established,related accept\n"
         "add rule ip rules forward ip saddr vmap @pods_e\nadd rule ip rules forward ip daddr vmap @pods_i\n" +
         difference({}, table);
}

std::string difference(const RuleTable& have, const RuleTable& want) {
  return additions(have, want) + removals(have, want);
}

}  // namespace selvage::bench

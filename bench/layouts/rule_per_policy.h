#pragma once

#include <map>
#include <string>
#include <vector>

#include "bench/layouts/flat.h"

namespace selvage::bench {

/// The usual layout of hand-written controllers: established packets first, a verdict map from the pod's address to a
/// chain of its own, in it an nft rule with its own set for each policy rule. Only policies that select a pod of the
/// node.
struct RuleTable {
  struct Set {
    bool interval = false;
    std::vector<std::string> elements;  ///< sorted, each once

    friend bool operator==(const Set&, const Set&) = default;
  };
  std::map<std::string, Set> sets;
  std::map<std::string, std::string> chains;                       ///< of pods: the lines of the rules
  std::map<std::string, std::map<std::string, std::string>> maps;  ///< "pods_i", "pods_e": address to chain
};
[[nodiscard]] RuleTable rule_per_policy(const Flat& flat);

/// Input for `nft -f`: the whole table.
[[nodiscard]] std::string to_text(const RuleTable& table);
/// Input for `nft -f` that turns the table `have` into `want`; empty when they are equal.
[[nodiscard]] std::string difference(const RuleTable& have, const RuleTable& want);

/// Felix's layout (rules/static.go, dispatch.go, endpoints.go, policy.go in projectcalico/calico) in nft's language:
/// dispatch to a chain of the endpoint, established packets accepted first in it, then a jump to each policy's chain,
/// whose rules set the accept mark, and a return as soon as it is set. Dispatch is by address, since the pods here
/// share a bridge.
[[nodiscard]] std::string calico_like(const Flat& flat);

/// The prefix of the names of the sets of rule number `rule` in one direction ("i" or "e").
[[nodiscard]] std::string set_name(const FlatPolicy& policy, const char* direction, std::size_t rule);

}  // namespace selvage::bench

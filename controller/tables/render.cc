#include "controller/tables/render.h"

#include <map>
#include <utility>

namespace selvage::controller {
namespace {

using policy::Direction;
using policy::PortKind;

/// One element and the set it is in.
struct PlacedElement {
  std::string set;
  nft::SetSpec spec;
  nft::ElementKey key;
  nft::ElementData data;
};

std::vector<PlacedElement> elements_of(const IpAddress& address, const policy::LocalAddress& local) {
  const IpFamily family = address.family();
  const std::string key = address.key();
  const nft::ElementData data{nullptr, local.pod};
  std::vector<PlacedElement> elements = {
      {local_pods_set(family), address_set_spec(family), {key, {}}, data},
      {self_set(family), address_set_spec(family, 2), {key + key, {}}, data},
  };
  const auto isolate = [&](Direction direction) {
    elements.push_back({isolated_set(direction, family), address_set_spec(family), {key, {}}, data});
    elements.push_back({denied_set(direction, family), denied_set_spec(family), {key, {}}, data});
  };
  if (local.isolated_ingress) isolate(Direction::ingress);
  if (local.isolated_egress) isolate(Direction::egress);
  return elements;
}

std::map<std::string, nft::SetSpec> sets_of(const policy::PredicateSets& predicate, const RenderOptions& options) {
  std::map<std::string, nft::SetSpec> sets;
  for (const IpFamily family : policy::kFamilies) {
    if ((predicate.families & policy::bit(family)) == 0) continue;
    for (const PortKind kind : policy::kPortKinds) {
      if ((predicate.kinds & policy::bit(kind)) == 0) continue;
      sets[predicate_set(predicate.name, predicate.direction, kind, family)] =
          predicate_set_spec(kind, family, predicate.description, options.policy_counters);
    }
  }
  return sets;
}

std::string join(const policy::Origins& origins) {
  std::string text;
  for (const auto& origin : origins) text += (text.empty() ? "" : ", ") + origin;
  return text;
}

PlacedElement element_of(const policy::PermissionKey& key, const policy::Origins& origins,
                         const policy::PredicateSets& predicate, const RenderOptions& options) {
  const IpFamily family = key.local.family();
  return {predicate_set(predicate.name, predicate.direction, key.kind, family),
          predicate_set_spec(key.kind, family, predicate.description, options.policy_counters),
          permission_element(key),
          {nullptr, join(origins)}};
}

/// The verdicts that lead to classes, one shared by all elements of a class.
class ClassVerdicts {
 public:
  explicit ClassVerdicts(const policy::NodePolicy& policy) : policy_(policy) {}

  [[nodiscard]] nft::SharedVerdict go_to(policy::ClassId id) {
    nft::SharedVerdict& verdict = verdicts_[id];
    if (!verdict) verdict = nft::share({nft::Verdict::Code::go_to, class_chain(*policy_.classes.find(id))});
    return verdict;
  }

 private:
  const policy::NodePolicy& policy_;
  std::map<policy::ClassId, nft::SharedVerdict> verdicts_;
};

PlacedElement element_of(Direction direction, const IpAddress& address) {
  return {peer_map(direction, address.family()), address_map_spec(address.family(), false), {address.key(), {}}, {}};
}

PlacedElement element_of(Direction direction, const IpRange& range) {
  const IpFamily family = range.first.family();
  return {cidr_map(direction, family), address_map_spec(family, true), {range.first.key(), range.last.key()}, {}};
}

/// The chains that depend on the node's state, by table and name.
std::map<std::pair<nft::TableKey, std::string>, nft::Chain> state_chains(const policy::NodeState& state,
                                                                         const RenderOptions& options) {
  std::map<std::pair<nft::TableKey, std::string>, nft::Chain> chains;
  const nft::TableKey& table = policy_table(options);
  chains[{table, std::string(kForward)}] = forward_chain(state, options);
  chains[{table, std::string(kConnections)}] = connections_chain(options);
  if (may_use_fast_path(options)) {
    chains[{table, std::string(kFastpath)}] = fastpath_chain(options);
    chains[{table, std::string(kFastpathFromPods)}] = fastpath_from_pods_chain(options);
  }
  chains[{table, std::string(kReplies)}] = replies_chain(state, options);
  chains[{table, std::string(kRelatedErrors)}] = related_chain(state, options);
  chains[{table, std::string(kLinkPackets)}] = link_chain();
  if (options.mode == policy::Mode::enforced) {
    chains[{kBridgeTable, std::string(kForward)}] = bridge_chain(state, options);
  }
  for (const Direction direction : policy::kDirections) {
    for (const IpFamily family : policy::kFamilies) {
      chains[{table, entry_chain(direction, family)}] = entry_chain_of(direction, family, state);
    }
  }
  return chains;
}

/// Collects a plan for the policies' table out of changed records.
class PlanWriter {
 public:
  explicit PlanWriter(nft::TablePlan& plan) : plan_(plan) {}

  void add(PlacedElement element) { change_of(element).add[std::move(element.key)] = std::move(element.data); }
  void remove(const PlacedElement& element) { change_of(element).del.insert(element.key); }

  template <class Element, class Key, class Value>
  void replace(const Element& element, const policy::Change<Key, Value>& change, const nft::ElementData& data) {
    if (change.before) remove(element);
    if (!change.after) return;
    PlacedElement added = element;
    added.data = data;
    add(std::move(added));
  }

  [[nodiscard]] nft::TablePlan& table() { return plan_; }

 private:
  nft::SetChange& change_of(const PlacedElement& element) {
    nft::SetChange& change = plan_.elements[element.set];
    change.spec = element.spec;
    return change;
  }

  nft::TablePlan& plan_;
};

/// The counter of an address that moved to another pod starts at zero.
bool counts_for_another(const policy::Change<IpAddress, policy::LocalAddress>& change, const PlacedElement& element) {
  return element.spec.counters && change.before->pod != change.after->pod;
}

void write_local(const policy::NodePolicyDelta& delta, PlanWriter& plan) {
  for (const auto& change : delta.local) {
    std::map<std::string, PlacedElement> before;
    if (change.before) {
      for (auto& element : elements_of(change.key, *change.before)) before[element.set] = element;
    }
    if (change.after) {
      for (auto& element : elements_of(change.key, *change.after)) {
        const bool stays = before.erase(element.set) > 0;
        if (stays && !counts_for_another(change, element)) continue;
        if (stays) plan.remove(element);
        plan.add(std::move(element));
      }
    }
    for (const auto& entry : before) plan.remove(entry.second);
  }
}

void write_predicates(const policy::NodePolicyDelta& delta, const RenderOptions& options, PlanWriter& plan) {
  for (const auto& change : delta.predicates) {
    auto before = change.before ? sets_of(*change.before, options) : std::map<std::string, nft::SetSpec>{};
    if (change.after) {
      for (auto& [name, spec] : sets_of(*change.after, options)) {
        if (before.erase(name) == 0) plan.table().add_sets[name] = spec;
      }
    }
    for (const auto& entry : before) plan.table().delete_sets.insert(entry.first);
  }
}

void write_permissions(const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                       const RenderOptions& options, PlanWriter& plan) {
  for (const auto& change : delta.permissions) {
    if (change.before && change.after) continue;  // another policy allows the same: no element changes
    const policy::PredicateSets* predicate = policy.predicates.find(change.key.predicate);
    if (predicate == nullptr) continue;  // gone with its sets
    PlacedElement element = element_of(change.key, change.after.value_or(policy::Origins{}), *predicate, options);
    if (change.after) {
      plan.add(std::move(element));
    } else if (sets_of(*predicate, options).count(element.set) > 0 && plan.table().add_sets.count(element.set) == 0) {
      plan.remove(element);
    }
  }
}

void write_classes(const policy::NodePolicyDelta& delta, PlanWriter& plan) {
  for (const auto& change : delta.classes) {
    if (!change.after) {
      plan.table().delete_chains.insert(class_chain(*change.before));
      continue;
    }
    nft::Chain chain = class_chain_of(*change.after);
    if (!change.before) {
      plan.table().add_chains[class_chain(*change.after)] = std::move(chain);
    } else if (chain != class_chain_of(*change.before)) {
      plan.table().replace_rules[class_chain(*change.after)] = std::move(chain.rules);
    }
  }
}

void write_addresses(const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy, const PodNames& pod_names,
                     PlanWriter& plan) {
  ClassVerdicts verdicts(policy);
  for (const Direction direction : policy::kDirections) {
    for (const auto& change : delta.peers[policy::index(direction)]) {
      nft::ElementData data;
      if (change.after) data = {verdicts.go_to(change.after->class_id), pod_names(change.after->pod)};
      plan.replace(element_of(direction, change.key), change, data);
    }
    for (const auto& change : delta.cells[policy::index(direction)]) {
      nft::ElementData data;
      if (change.after) data = {verdicts.go_to(*change.after), {}};
      plan.replace(element_of(direction, change.key), change, data);
    }
  }
}

void write_node(const policy::NodePolicyDelta& delta, const RenderOptions& options, nft::Plan& plan) {
  for (const auto& change : delta.node) {
    const auto before = state_chains(change.before.value_or(policy::NodeState{}), options);
    for (const auto& [place, chain] : state_chains(*change.after, options)) {
      if (chain != before.at(place)) plan.tables[place.first].replace_rules[place.second] = chain.rules;
    }
  }
}

}  // namespace

nft::Ruleset render(const policy::NodePolicy& policy, const PodNames& pod_names, const RenderOptions& options) {
  nft::Ruleset ruleset = fixed_parts(options);
  for (auto& [place, chain] : state_chains(*policy.node.find(0), options)) {
    ruleset[place.first].chains[place.second] = std::move(chain);
  }
  nft::Table& table = ruleset[policy_table(options)];
  const auto place = [&](PlacedElement element) {
    table.sets.at(element.set).elements[std::move(element.key)] = std::move(element.data);
  };
  for (const auto& [id, predicate] : policy.predicates.values()) {
    for (auto& [name, spec] : sets_of(predicate, options)) table.sets[name].spec = spec;
  }
  for (const auto& [address, local] : policy.local.values()) {
    for (auto& element : elements_of(address, local)) place(std::move(element));
  }
  for (const auto& [key, origins] : policy.permissions.values()) {
    place(element_of(key, origins, *policy.predicates.find(key.predicate), options));
  }
  for (const auto& [id, chain] : policy.classes.values()) {
    table.chains[class_chain(chain)] = class_chain_of(chain);
  }
  ClassVerdicts verdicts(policy);
  for (const Direction direction : policy::kDirections) {
    for (const auto& [address, peer] : policy.peers[policy::index(direction)].values()) {
      PlacedElement element = element_of(direction, address);
      element.data = {verdicts.go_to(peer.class_id), pod_names(peer.pod)};
      place(std::move(element));
    }
    for (const auto& [range, class_id] : policy.cells[policy::index(direction)].values()) {
      PlacedElement element = element_of(direction, range);
      element.data.verdict = verdicts.go_to(class_id);
      place(std::move(element));
    }
  }
  return ruleset;
}

nft::Plan render_changes(const policy::NodePolicyDelta& delta, const policy::NodePolicy& policy,
                         const PodNames& pod_names, const RenderOptions& options) {
  nft::Plan plan;
  PlanWriter writer(plan.tables[policy_table(options)]);
  write_local(delta, writer);
  write_predicates(delta, options, writer);
  write_permissions(delta, policy, options, writer);
  write_classes(delta, writer);
  write_addresses(delta, policy, pod_names, writer);
  write_node(delta, options, plan);
  std::erase_if(plan.tables, [](const auto& entry) { return entry.second.empty(); });
  return plan;
}

}  // namespace selvage::controller

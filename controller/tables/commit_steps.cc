#include "controller/tables/commit_steps.h"

#include <algorithm>
#include <string>
#include <utility>

#include "controller/tables/set_role.h"
#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using nft::ElementData;
using nft::ElementKey;
using nft::SetChange;
using nft::TablePlan;

using Elements = std::map<std::string, SetChange>;

/// Whether the kernel publishes this change later than the rest of its transaction, and a packet could tell: by missing
/// new elements, or by following a verdict that is deleted into a chain that has no rules any more. What misses the
/// constant set of multicast groups is a report that is repeated.
bool published_late(const Elements::value_type& entry) {
  const auto& [name, change] = entry;
  if (!change.spec.interval || name == kMulticast6) return false;
  return !change.add.empty() || (change.spec.verdict_map && !change.del.empty());
}

bool is_cell_map(const SetChange& change) { return change.spec.interval && change.spec.verdict_map; }
bool is_range_set(const SetChange& change) { return change.spec.interval && !change.spec.verdict_map; }

/// Sets whose new elements must not be there before what they rely on: isolated addresses and the pods of this node,
/// which are known together, peers and their classes, and pod bridges.
bool relies_on_others(const std::string& name, const SetChange& change) {
  using Kind = SetRole::Kind;
  return change.spec.verdict_map || is_set(name, Kind::pod_bridges) || is_set(name, Kind::isolated) ||
         is_set(name, Kind::denied) || is_set(name, Kind::local_pods);
}

/// Ranges that overlap. The kernel takes one that overlaps another only in the transaction that removes that one.
struct Cluster {
  ElementKey joined;
  std::vector<ElementKey> removed;
  std::vector<std::pair<ElementKey, ElementData>> added;
};

std::vector<Cluster> clusters_of(const SetChange& change) {
  std::map<ElementKey, const ElementData*> keys;
  for (const auto& key : change.del) keys[key] = nullptr;
  for (const auto& [key, data] : change.add) keys[key] = &data;
  std::vector<Cluster> clusters;
  for (const auto& [key, data] : keys) {
    if (clusters.empty() || clusters.back().joined.last < key.first) clusters.push_back({key, {}, {}});
    Cluster& cluster = clusters.back();
    cluster.joined.last = std::max(cluster.joined.last, key.last);
    if (change.del.contains(key)) cluster.removed.push_back(key);
    if (data != nullptr) cluster.added.emplace_back(key, *data);
  }
  return clusters;
}

void move_change(SetChange& to, SetChange& from) {
  to.spec = from.spec;
  to.add.merge(from.add);
  to.del.merge(from.del);
}

/// Where ranges come and go that overlap, they are joined into one in `early`, and parted in `late`.
void split_ranges(const SetChange& change, SetChange& early, SetChange& late) {
  early.spec = late.spec = change.spec;
  for (const Cluster& cluster : clusters_of(change)) {
    if (cluster.added.empty()) {
      late.del.insert(cluster.removed.begin(), cluster.removed.end());
    } else if (cluster.removed.empty()) {
      early.add.insert(cluster.added.begin(), cluster.added.end());
    } else {
      const bool was_joined = std::ranges::count(cluster.removed, cluster.joined) > 0;
      const bool stays_joined = cluster.added.front().first == cluster.joined;
      if (!was_joined) early.del.insert(cluster.removed.begin(), cluster.removed.end());
      if (!was_joined) early.add.emplace(cluster.joined, cluster.added.front().second);
      if (!stays_joined) late.del.insert(cluster.joined);
      if (!stays_joined) late.add.insert(cluster.added.begin(), cluster.added.end());
    }
  }
}

/// The added elements that replace nothing.
void split_plain(SetChange& change, SetChange& early, SetChange& late) {
  early.spec = late.spec = change.spec;
  for (auto entry = change.add.begin(); entry != change.add.end();) {
    const auto at = entry++;
    SetChange& to = change.del.contains(at->first) ? late : early;
    to.add.insert(change.add.extract(at));
  }
  late.del = std::move(change.del);
}

/// The three steps of a table that stays.
struct Steps {
  TablePlan permissions;
  TablePlan cells;
  TablePlan rest;
};

void split_elements(Elements& elements, Steps& steps) {
  for (auto& [name, change] : elements) {
    SetChange early;
    SetChange late;
    TablePlan* at = &steps.permissions;
    if (is_cell_map(change)) {
      at = &steps.cells;
      move_change(early, change);
    } else if (name == kFastpathState) {
      move_change(early, change);  // from the first transaction on each packet is judged
    } else if (is_range_set(change)) {
      split_ranges(change, early, late);
    } else if (relies_on_others(name, change)) {
      move_change(late, change);
    } else {
      split_plain(change, early, late);
    }
    if (!early.add.empty() || !early.del.empty()) at->elements.emplace(name, std::move(early));
    if (!late.add.empty() || !late.del.empty()) steps.rest.elements.emplace(name, std::move(late));
  }
}

/// Moves the base chains out.
std::map<std::string, nft::Chain> take_base_chains(TablePlan& plan) {
  std::map<std::string, nft::Chain> taken;
  for (auto chain = plan.add_chains.begin(); chain != plan.add_chains.end();) {
    const auto at = chain++;
    if (at->second.base) taken.insert(plan.add_chains.extract(at));
  }
  return taken;
}

Steps split(TablePlan plan) {
  Steps steps;
  steps.rest.add_chains = take_base_chains(plan);
  steps.permissions.own = plan.own;
  steps.permissions.comment = plan.comment;
  steps.permissions.add_sets = std::move(plan.add_sets);
  steps.permissions.add_chains = std::move(plan.add_chains);
  split_elements(plan.elements, steps);
  steps.rest.delete_sets = std::move(plan.delete_sets);
  steps.rest.replace_rules = std::move(plan.replace_rules);
  steps.rest.delete_chains = std::move(plan.delete_chains);
  return steps;
}

/// Collects transactions, without empty ones.
class Sequence {
 public:
  void put(const nft::TableKey& key, TablePlan table) {
    if (table.empty()) return;
    nft::Plan plan;
    plan.tables.emplace(key, std::move(table));
    steps_.push_back(std::move(plan));
  }
  /// `rest` belongs to the last one.
  [[nodiscard]] std::vector<nft::Plan> end(nft::Plan rest) {
    if (steps_.empty()) steps_.emplace_back();
    steps_.back().tables.merge(rest.tables);
    return std::move(steps_);
  }

 private:
  std::vector<nft::Plan> steps_;
};

void put_stages(TablePlan plan, Sequence& sequence) {
  const bool ranges = std::ranges::any_of(
      plan.elements, [](const auto& entry) { return published_late(entry) && is_range_set(entry.second); });
  Steps steps = split(std::move(plan));
  // Sets without intervals are published at once, before the cells of the same transaction.
  if (!ranges) steps.permissions.elements.merge(steps.cells.elements);
  if (!ranges) steps.cells.elements.clear();
  sequence.put(kInetTable, std::move(steps.permissions));
  sequence.put(kInetTable, std::move(steps.cells));
  sequence.put(kInetTable, std::move(steps.rest));
}

/// All but the base chains of a new table, then these.
void put_new(const nft::TableKey& key, TablePlan plan, Sequence& sequence) {
  TablePlan base;
  base.add_chains = take_base_chains(plan);
  sequence.put(key, std::move(plan));
  sequence.put(key, std::move(base));
}

}  // namespace

std::vector<nft::Plan> commit_steps(nft::Plan plan) {
  const auto found = plan.tables.find(kInetTable);
  const bool late = found != plan.tables.end() && std::ranges::any_of(found->second.elements, published_late);
  // A table that is made anew is replaced in one transaction: at no time may there be none.
  if (!late || found->second.delete_table) return {std::move(plan)};
  TablePlan table = std::move(plan.tables.extract(found).mapped());
  Sequence sequence;
  if (table.create_table) {
    put_new(kInetTable, std::move(table), sequence);
  } else {
    put_stages(std::move(table), sequence);
  }
  return sequence.end(std::move(plan));
}

}  // namespace selvage::controller

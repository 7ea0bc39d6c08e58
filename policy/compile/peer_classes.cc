#include "policy/compile/peer_classes.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "policy/compile/sorted_ids.h"

namespace selvage::policy {
namespace {

/// The cells of `some` that are not in `others`. Both in address order.
std::vector<Cell> only_in(const std::vector<Cell>& some, const std::vector<Cell>& others) {
  std::vector<Cell> found;
  std::set_difference(
      some.begin(), some.end(), others.begin(), others.end(), std::back_inserter(found),
      [](const Cell& a, const Cell& b) { return std::tie(a.range, a.predicates) < std::tie(b.range, b.predicates); });
  return found;
}

bool is_anyone(const Predicate& predicate) { return std::holds_alternative<Anyone>(predicate.peer); }

}  // namespace

void PeerClasses::update(InventoryChanges dirty, Families families) {
  dirty_ = std::move(dirty);
  update_predicates();
  labels_.update(dirty_);
  update_families(families);
  for (const Direction direction : kDirections) cut_cells(direction);
  for (const auto& address : dirty_.addresses) classify(address);
  for (const PredicateId refined : classes_.collect()) predicates_.drop_number(refined);
  dirty_ = {};  // after a first list it is large
}

/// Fits the predicates that came or went into profiles and cells.
void PeerClasses::update_predicates() {
  const PredicateTable::Changes changes = predicates_.take_changes();
  const auto mark_cells = [&](const Predicate& predicate) {
    if (std::holds_alternative<BlockList>(predicate.peer)) cells_dirty_[index(predicate.direction)] = true;
  };
  std::set<PredicateId> refined_bases = changes.refined_bases;
  for (const auto& [id, predicate] : changes.removed) {
    mark_cells(predicate);
    // Pods that satisfied it are reclassified anyway; but everything satisfies Anyone.
    if (!is_anyone(predicate)) refined_bases.erase(id);
    if (const auto* scope = std::get_if<PodScope>(&predicate.peer)) labels_.remove(id, *scope, dirty_);
  }
  for (const PredicateId id : changes.added) {
    const Predicate& predicate = predicates_.at(id).predicate;
    mark_cells(predicate);
    if (std::holds_alternative<PodScope>(predicate.peer)) labels_.add(id, dirty_);
  }
  for (const PredicateId base : refined_bases) mark_satisfying(base);
}

void PeerClasses::mark_range(const IpRange& range) {
  const auto& owners = inventory_.owners();
  for (auto at = owners.lower_bound(range.first); at != owners.end() && at->first <= range.last; ++at) {
    dirty_.addresses.insert(at->first);
  }
}

/// Port names of egress rules towards the peers of `base` came or went: marks the pods that satisfy it for
/// reclassification. A base that is gone is Anyone.
void PeerClasses::mark_satisfying(PredicateId base) {
  const auto record = predicates_.records().find(base);
  if (record == predicates_.records().end() || is_anyone(record->second.predicate)) {
    for (const auto& [address, pod] : inventory_.owners()) {
      if (!inventory_.pod(pod).ports.empty()) dirty_.addresses.insert(address);
    }
    return;
  }
  if (!std::holds_alternative<BlockList>(record->second.predicate.peer)) return labels_.mark_satisfying(base, dirty_);
  for (const auto& family_cells : cells_[index(Direction::egress)]) {
    for (const auto& cell : family_cells) {
      if (holds_sorted(cell.predicates, base)) mark_range(cell.range);
    }
  }
}

void PeerClasses::update_families(Families families) {
  if (families == families_) return;
  for (const IpFamily family : kFamilies) {
    if (((families ^ families_) & bit(family)) != 0) mark_range({IpAddress::zero(family), IpAddress::highest(family)});
  }
  families_ = families;
  cells_dirty_ = {true, true};
}

void PeerClasses::cut_cells(Direction direction) {
  if (!std::exchange(cells_dirty_[index(direction)], false)) return;
  std::vector<CellInput> lists;
  for (const auto& [id, record] : predicates_.records()) {
    const auto* list = std::get_if<BlockList>(&record.predicate.peer);
    if (list != nullptr && !record.predicate.port && record.predicate.direction == direction) {
      lists.push_back({id, &list->blocks});
    }
  }
  for (const IpFamily family : kFamilies) {
    const bool in_use = (families_ & bit(family)) != 0;
    write_cells(direction, family, in_use ? cut_into_cells(lists, family) : std::vector<Cell>{});
  }
}

void PeerClasses::write_cells(Direction direction, IpFamily family, std::vector<Cell> cells) {
  std::vector<Cell>& current = cells_[index(direction)][index(family)];
  for (const auto& range : differing_ranges(current, cells)) mark_range(range);
  auto& written = result_.cells[index(direction)];
  for (const auto& cell : only_in(current, cells)) {
    classes_.release(*written.find(cell.range));
    written.erase(cell.range);
  }
  for (const auto& cell : only_in(cells, current)) {
    written.set(cell.range, classes_.acquire(direction, family, cell.predicates));
  }
  current = std::move(cells);
}

void PeerClasses::classify(const IpAddress& address) {
  const PodId* owner = inventory_.owner(address);
  const bool in_use = owner != nullptr && (families_ & bit(address.family())) != 0;
  for (const Direction direction : kDirections) {
    if (in_use) {
      classify(address, *owner, direction);
    } else {
      declassify(address, direction);
    }
  }
}

void PeerClasses::classify(const IpAddress& address, PodId pod_id, Direction direction) {
  const PodRecord& pod = inventory_.pod(pod_id);
  PredicateIds signature = labels_.satisfied(pod.profile, direction);
  const PredicateIds* cell = find_cell(cells_[index(direction)][index(address.family())], address);
  if (cell != nullptr) {
    for (const PredicateId id : *cell) insert_sorted(signature, id);
  }
  if (direction == Direction::egress && !pod.ports.empty()) add_refined(pod, signature);
  // An address that satisfies what its cell does, or nothing, is found there (or nowhere): no entry.
  if (cell != nullptr ? signature == *cell : signature.empty()) return declassify(address, direction);

  auto& peers = result_.peers[index(direction)];
  const ClassId class_id = classes_.acquire(direction, address.family(), signature);
  if (const PeerClass* old = peers.find(address)) classes_.release(old->class_id);
  peers.set(address, {class_id, pod_id});
}

void PeerClasses::declassify(const IpAddress& address, Direction direction) {
  auto& peers = result_.peers[index(direction)];
  const PeerClass* old = peers.find(address);
  if (old == nullptr) return;
  classes_.release(old->class_id);
  peers.erase(address);
}

/// Adds the predicates of port names that the pod resolves and whose base it satisfies.
void PeerClasses::add_refined(const PodRecord& pod, PredicateIds& signature) {
  PredicateIds refined;
  for (const auto& entry : predicates_.named_port_predicates()) {
    const NamedPortPredicate& named = entry.second;
    if (named.uses == 0) continue;
    const bool satisfied = holds_sorted(signature, named.base) || is_anyone(predicates_.at(named.base).predicate);
    if (!satisfied) continue;
    const NamedPort* port = pod.find_port(named.protocol, named.name);
    if (port == nullptr) continue;
    refined.push_back(predicates_.refine(named.base, named.protocol, named.name, port->number));
  }
  for (const PredicateId id : refined) insert_sorted(signature, id);
}

void PeerClasses::write_predicates() {
  const std::set<PredicateId> touched = predicates_.take_touched();
  std::set<PredicateId> existing;
  for (const PredicateId id : touched) {
    if (predicates_.records().count(id) > 0) {
      existing.insert(id);
    } else {
      result_.predicates.erase(id);
    }
  }
  if (!existing.empty()) classes_.refresh(existing);
  const NodeState* state = result_.node.find(0);
  const bool families_changed = state == nullptr || state->families != families_;
  if (families_changed) {
    for (const auto& entry : predicates_.records()) existing.insert(entry.first);
  }
  for (const PredicateId id : existing) {
    const PredicateRecord& record = predicates_.at(id);
    result_.predicates.set(id,
                           {record.predicate.direction, record.name, record.description, record.kinds(), families_});
  }
}

}  // namespace selvage::policy

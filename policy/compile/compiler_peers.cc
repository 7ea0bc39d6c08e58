#include <algorithm>
#include <iterator>
#include <tuple>

#include "policy/compile/compiler.h"

namespace selvage::policy {
namespace {

void insert_sorted(PredicateIds& ids, PredicateId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) ids.insert(at, id);
}

/// True when it was there.
bool erase_sorted(PredicateIds& ids, PredicateId id) {
  const auto at = std::lower_bound(ids.begin(), ids.end(), id);
  if (at == ids.end() || *at != id) return false;
  ids.erase(at);
  return true;
}

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

/// Fits the predicates that came or went into namespaces, profiles and cells.
void Compiler::update_predicates() {
  const PredicateTable::Changes changes = predicates_.take_changes();
  const auto mark_cells = [&](const Predicate& predicate) {
    if (std::holds_alternative<BlockList>(predicate.peer)) cells_dirty_[policy::index(predicate.direction)] = true;
  };
  std::set<PredicateId> refined_bases = changes.refined_bases;
  for (const auto& [id, predicate] : changes.removed) {
    mark_cells(predicate);
    // Whoever satisfied it looks anew anyway, except that everybody satisfies Anyone.
    if (!is_anyone(predicate)) refined_bases.erase(id);
    if (const auto* scope = std::get_if<PodScope>(&predicate.peer)) remove_from_scope(*scope, id);
  }
  for (const PredicateId id : changes.added) {
    const Predicate& predicate = predicates_.at(id).predicate;
    mark_cells(predicate);
    const auto* scope = std::get_if<PodScope>(&predicate.peer);
    if (scope == nullptr) continue;
    if (!scope->namespace_selector) {
      const NamespaceId* own = inventory_.find_namespace(scope->namespace_name);
      if (own != nullptr) add_to_namespace(*own, id);
      continue;
    }
    for (const auto& [namespace_id, record] : inventory_.namespaces()) {
      if (in_scope(record, predicate)) add_to_namespace(namespace_id, id);
    }
  }
  for (const PredicateId base : refined_bases) mark_satisfying(base);
}

void Compiler::remove_from_scope(const PodScope& scope, PredicateId id) {
  if (scope.namespace_selector) {
    for (const auto& entry : inventory_.namespaces()) remove_from_namespace(entry.first, id);
  } else if (const NamespaceId* own = inventory_.find_namespace(scope.namespace_name)) {
    remove_from_namespace(*own, id);
  }
}

bool Compiler::in_scope(const NamespaceRecord& record, const Predicate& predicate) const {
  const auto* scope = std::get_if<PodScope>(&predicate.peer);
  if (scope == nullptr || predicate.port) return false;
  if (!scope->namespace_selector) return record.name == scope->namespace_name;
  return record.known && scope->namespace_selector->matches(record.labels);
}

void Compiler::add_to_namespace(NamespaceId id, PredicateId predicate_id) {
  NamespaceRecord& record = inventory_.namespace_at(id);
  insert_sorted(record.applicable, predicate_id);
  const Predicate& predicate = predicates_.at(predicate_id).predicate;
  for (const ProfileId profile_id : record.profiles) {
    if (dirty_.profiles.count(profile_id) > 0) continue;  // new: fit_profile looks at all predicates
    Profile& profile = *inventory_.profile(profile_id);
    if (!std::get<PodScope>(predicate.peer).pod_selector.matches(profile.labels)) continue;
    insert_sorted(profile.satisfied[policy::index(predicate.direction)], predicate_id);
    mark_profile(profile);
  }
}

void Compiler::remove_from_namespace(NamespaceId id, PredicateId predicate_id) {
  NamespaceRecord& record = inventory_.namespace_at(id);
  if (!erase_sorted(record.applicable, predicate_id)) return;
  for (const ProfileId profile_id : record.profiles) {
    Profile& profile = *inventory_.profile(profile_id);
    const bool ingress = erase_sorted(profile.satisfied[0], predicate_id);
    const bool egress = erase_sorted(profile.satisfied[1], predicate_id);
    if (ingress || egress) mark_profile(profile);
  }
}

/// A namespace is new or has other labels: finds the predicates whose scope it is in.
void Compiler::fit_namespace(NamespaceId id) {
  NamespaceRecord& record = inventory_.namespace_at(id);
  PredicateIds applicable;
  for (const auto& [predicate_id, predicate] : predicates_.records()) {
    if (in_scope(record, predicate.predicate)) applicable.push_back(predicate_id);
  }
  if (applicable == record.applicable) return;
  record.applicable = std::move(applicable);
  dirty_.profiles.insert(record.profiles.begin(), record.profiles.end());
}

/// A profile is new, or other predicates apply to its namespace.
void Compiler::fit_profile(ProfileId id) {
  Profile* profile = inventory_.profile(id);
  if (profile == nullptr) return;
  std::array<PredicateIds, 2> satisfied;
  for (const PredicateId predicate_id : inventory_.namespace_at(profile->namespace_id).applicable) {
    const Predicate& predicate = predicates_.at(predicate_id).predicate;
    if (!std::get<PodScope>(predicate.peer).pod_selector.matches(profile->labels)) continue;
    satisfied[policy::index(predicate.direction)].push_back(predicate_id);
  }
  const bool same = satisfied == profile->satisfied;
  for (auto& ids : satisfied) ids.shrink_to_fit();  // kept for as long as the pods, in great number
  profile->satisfied = std::move(satisfied);
  if (!same) mark_profile(*profile);
}

void Compiler::mark_profile(const Profile& profile) {
  for (const PodId id : profile.pods) {
    for (const auto& address : inventory_.pod(id)) dirty_.addresses.insert(address);
  }
}

void Compiler::mark_range(const IpRange& range) {
  const auto& owners = inventory_.owners();
  for (auto at = owners.lower_bound(range.first); at != owners.end() && at->first <= range.last; ++at) {
    dirty_.addresses.insert(at->first);
  }
}

/// Port names of egress rules towards the peers of `base` came or went: pods that satisfy it look
/// anew. A base that is gone is Anyone.
void Compiler::mark_satisfying(PredicateId base) {
  const auto record = predicates_.records().find(base);
  if (record == predicates_.records().end() || is_anyone(record->second.predicate)) {
    for (const auto& [address, pod] : inventory_.owners()) {
      if (!inventory_.pod(pod).ports.empty()) dirty_.addresses.insert(address);
    }
    return;
  }
  if (std::holds_alternative<BlockList>(record->second.predicate.peer)) {
    for (const auto& family_cells : cells_[policy::index(Direction::egress)]) {
      for (const auto& cell : family_cells) {
        if (std::binary_search(cell.predicates.begin(), cell.predicates.end(), base)) mark_range(cell.range);
      }
    }
    return;
  }
  for (const auto& entry : inventory_.namespaces()) {
    const PredicateIds& applicable = entry.second.applicable;
    if (!std::binary_search(applicable.begin(), applicable.end(), base)) continue;
    for (const ProfileId id : entry.second.profiles) {
      const PredicateIds& satisfied = inventory_.profile(id)->satisfied[policy::index(Direction::egress)];
      if (std::binary_search(satisfied.begin(), satisfied.end(), base)) mark_profile(*inventory_.profile(id));
    }
  }
}

/// A family is in use when a pod of this node has an address of it; the other needs no sets.
void Compiler::update_families() {
  Families families = 0;
  for (const IpFamily family : kFamilies) {
    if (counts_.addresses[index(family)] > 0) families |= bit(family);
  }
  if (families == families_) return;
  for (const IpFamily family : kFamilies) {
    if (((families ^ families_) & bit(family)) != 0) mark_range({IpAddress::zero(family), IpAddress::highest(family)});
  }
  families_ = families;
  cells_dirty_ = {true, true};
}

void Compiler::cut_cells(Direction direction) {
  if (!std::exchange(cells_dirty_[policy::index(direction)], false)) return;
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

void Compiler::write_cells(Direction direction, IpFamily family, std::vector<Cell> cells) {
  std::vector<Cell>& current = cells_[policy::index(direction)][index(family)];
  for (const auto& range : differing_ranges(current, cells)) mark_range(range);
  auto& written = result_.cells[policy::index(direction)];
  for (const auto& cell : only_in(current, cells)) {
    classes_.release(*written.find(cell.range));
    written.erase(cell.range);
  }
  for (const auto& cell : only_in(cells, current)) {
    written.set(cell.range, classes_.acquire(direction, family, cell.predicates));
  }
  current = std::move(cells);
}

void Compiler::classify(const IpAddress& address) {
  const PodId* owner = inventory_.owner(address);
  const bool in_use = owner != nullptr && (families_ & bit(address.family())) != 0;
  for (const Direction direction : kDirections) {
    in_use ? classify(address, *owner, direction) : declassify(address, direction);
  }
}

void Compiler::classify(const IpAddress& address, PodId pod_id, Direction direction) {
  const PodRecord& pod = inventory_.pod(pod_id);
  PredicateIds signature = inventory_.profile(pod.profile)->satisfied[policy::index(direction)];
  const PredicateIds* cell = find_cell(cells_[policy::index(direction)][index(address.family())], address);
  if (cell != nullptr) {
    for (const PredicateId id : *cell) insert_sorted(signature, id);
  }
  if (direction == Direction::egress && !pod.ports.empty()) add_refined(pod, signature);
  // An address that satisfies what its cell does, or nothing, is found there (or nowhere): no entry.
  if (cell != nullptr ? signature == *cell : signature.empty()) return declassify(address, direction);

  auto& peers = result_.peers[policy::index(direction)];
  const ClassId class_id = classes_.acquire(direction, address.family(), signature);
  if (const PeerClass* old = peers.find(address)) classes_.release(old->class_id);
  peers.set(address, {class_id, pod_id});
}

void Compiler::declassify(const IpAddress& address, Direction direction) {
  auto& peers = result_.peers[policy::index(direction)];
  const PeerClass* old = peers.find(address);
  if (old == nullptr) return;
  classes_.release(old->class_id);
  peers.erase(address);
}

/// Adds the predicates of port names that the pod resolves and whose base it satisfies.
void Compiler::add_refined(const PodRecord& pod, PredicateIds& signature) {
  PredicateIds refined;
  for (const auto& entry : predicates_.named_port_predicates()) {
    const NamedPortPredicate& named_port_predicate = entry.second;
    if (named_port_predicate.uses == 0) continue;
    const bool satisfied = std::binary_search(signature.begin(), signature.end(), named_port_predicate.base) ||
                           is_anyone(predicates_.at(named_port_predicate.base).predicate);
    if (!satisfied) continue;
    const NamedPort* port = pod.find_port(named_port_predicate.protocol, named_port_predicate.name);
    if (port == nullptr) continue;
    refined.push_back(predicates_.refine(named_port_predicate.base, named_port_predicate.protocol,
                                         named_port_predicate.name, port->number));
  }
  for (const PredicateId id : refined) insert_sorted(signature, id);
}

void Compiler::write_predicates() {
  const std::set<PredicateId> touched = predicates_.take_touched();
  std::set<PredicateId> existing;
  for (const PredicateId id : touched) {
    predicates_.records().count(id) > 0 ? void(existing.insert(id)) : result_.predicates.erase(id);
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

#include "policy/compile/predicate_table.h"

#include "base/name_hash.h"

namespace selvage::policy {
namespace {

bool is_plain_anyone(const Predicate& predicate) {
  return std::holds_alternative<Anyone>(predicate.peer) && !predicate.port;
}

std::string name_of(const Predicate& predicate, const std::string& canonical_text) {
  return is_plain_anyone(predicate) ? "any" : "p-" + name_hash(canonical_text);
}

}  // namespace

PortKinds PredicateRecord::kinds() const {
  PortKinds result = 0;
  for (const PortKind kind : kPortKinds) {
    if (kind_uses[static_cast<std::size_t>(kind)] > 0) result |= bit(kind);
  }
  return result;
}

PredicateId PredicateTable::add(const Predicate& predicate, std::string canonical_text) {
  const PredicateId id = next_id_++;
  records_[id] = {predicate, canonical_text, name_of(predicate, canonical_text), describe(predicate), 0, {}};
  touched_.insert(id);
  ids_.emplace(std::move(canonical_text), id);
  if (is_plain_anyone(predicate)) anyone_[index(predicate.direction)] = id;
  return id;
}

void PredicateTable::remove(std::map<PredicateId, PredicateRecord>::iterator record) {
  const auto& [id, removed] = *record;
  if (is_plain_anyone(removed.predicate)) anyone_[index(removed.predicate.direction)] = 0;
  touched_.insert(id);
  ids_.erase(removed.canonical);
  records_.erase(record);
}

PredicateId PredicateTable::acquire(const Predicate& predicate) {
  std::string text = canonical(predicate);
  const auto it = ids_.find(text);
  const PredicateId id = it != ids_.end() ? it->second : add(predicate, std::move(text));
  if (it == ids_.end()) fresh_.insert(id);
  if (++records_.at(id).uses == 1) unused_.erase(id);
  return id;
}

void PredicateTable::release(PredicateId id) {
  if (--records_.at(id).uses == 0) unused_.insert(id);
}

void PredicateTable::count_kind(PredicateId id, PortKind kind, int delta) {
  PredicateRecord& record = records_.at(id);
  const PortKinds before = record.kinds();
  record.kind_uses[static_cast<std::size_t>(kind)] += static_cast<std::uint32_t>(delta);
  if (record.kinds() != before) touched_.insert(id);
}

void PredicateTable::acquire_named_port_predicate(PredicateId base, Protocol protocol, const std::string& name) {
  const auto [it, added] =
      named_port_predicates_.try_emplace({base, protocol, name}, NamedPortPredicate{base, protocol, name, 0, {}});
  if (added || it->second.uses == 0) refined_bases_.insert(base);
  ++it->second.uses;
}

void PredicateTable::release_named_port_predicate(PredicateId base, Protocol protocol, const std::string& name) {
  // The entry stays until `take_touched`: its numbers belong to classes that pods leave only then.
  if (--named_port_predicates_.at({base, protocol, name}).uses > 0) return;
  refined_bases_.insert(base);
  named_port_predicates_emptied_ = true;
}

const NamedPortPredicate* PredicateTable::find_named_port_predicate(PredicateId base, Protocol protocol,
                                                                    const std::string& name) const {
  const auto it = named_port_predicates_.find({base, protocol, name});
  return it == named_port_predicates_.end() ? nullptr : &it->second;
}

PredicateId PredicateTable::refine(PredicateId base, Protocol protocol, const std::string& name, std::uint16_t number) {
  NamedPortPredicate& named_port_predicate = named_port_predicates_.at({base, protocol, name});
  const auto [it, added] = named_port_predicate.numbers.try_emplace(number, 0);
  if (added) {
    Predicate refined = records_.at(base).predicate;
    refined.port = NamedPort{name, protocol, number};
    std::string text = canonical(refined);
    it->second = add(refined, std::move(text));
    records_.at(it->second).kind_uses[static_cast<std::size_t>(PortKind::ports)] = 1;
    numbers_changed_ = true;
  }
  return it->second;
}

void PredicateTable::drop_number(PredicateId refined) {
  const auto record = records_.find(refined);
  for (auto& entry : named_port_predicates_) {
    std::erase_if(entry.second.numbers, [&](const auto& number) { return number.second == refined; });
  }
  remove(record);
  numbers_changed_ = true;
  named_port_predicates_emptied_ = true;
}

PredicateTable::Changes PredicateTable::take_changes() {
  Changes result;
  for (const PredicateId id : unused_) {
    const auto record = records_.find(id);
    if (fresh_.erase(id) == 0) result.removed.emplace_back(id, record->second.predicate);
    remove(record);
  }
  result.added.assign(fresh_.begin(), fresh_.end());
  result.refined_bases = std::exchange(refined_bases_, {});
  fresh_.clear();
  unused_.clear();
  return result;
}

std::set<PredicateId> PredicateTable::take_touched() {
  if (std::exchange(named_port_predicates_emptied_, false)) {
    std::erase_if(named_port_predicates_,
                  [](const auto& entry) { return entry.second.uses == 0 && entry.second.numbers.empty(); });
  }
  return std::exchange(touched_, {});
}

}  // namespace selvage::policy

#include "policy/class_table.h"

#include <algorithm>

#include "base/name_hash.h"

namespace selvage::policy {
ClassId ClassTable::acquire(Direction direction, IpFamily family, const PredicateIds& signature) {
  const auto [it, added] = ids_.try_emplace({direction, family, signature}, next_id_);
  if (added) {
    entries_[next_id_++] = {&it->first, 0};
    write_chain(it->second, it->first);
    for (const PredicateId id : signature) {
      if (predicates_.at(id).predicate.port) ++refined_uses_[id];
    }
  }
  if (++entries_.at(it->second).uses == 1) unused_.erase(it->second);
  return it->second;
}

void ClassTable::release(ClassId id) {
  if (--entries_.at(id).uses == 0) unused_.insert(id);
}

std::set<PredicateId> ClassTable::collect() {
  std::set<PredicateId> dropped;
  for (const ClassId id : unused_) {
    const Key* key = entries_.at(id).key;
    for (const PredicateId predicate : key->signature) {
      const auto uses = refined_uses_.find(predicate);
      if (uses == refined_uses_.end() || --uses->second > 0) continue;
      refined_uses_.erase(uses);
      dropped.insert(predicate);
    }
    entries_.erase(id);
    policy_.classes.erase(id);
    ids_.erase(*key);
  }
  unused_.clear();
  return dropped;
}

void ClassTable::refresh(const std::set<PredicateId>& changed) {
  const auto holds_changed = [&](const Key& key) {
    return std::any_of(key.signature.begin(), key.signature.end(),
                       [&](PredicateId id) { return changed.count(id) > 0; });
  };
  for (const auto& [id, entry] : entries_) {
    if (holds_changed(*entry.key)) write_chain(id, *entry.key);
  }
}

void ClassTable::write_chain(ClassId id, const Key& key) {
  ClassChain chain{key.direction, key.family, {}, {}, {}};
  for (const PredicateId predicate : key.signature) {
    const PredicateRecord& record = predicates_.at(predicate);
    chain.steps.push_back({predicate, record.name, record.kinds(), Action::allow});
  }
  std::sort(chain.steps.begin(), chain.steps.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  std::string names;
  for (const auto& step : chain.steps) {
    names += step.name + "\n";
    if (chain.description.size() > kLongDescription) continue;
    chain.description += (chain.description.empty() ? "" : "; ") + predicates_.at(step.predicate).description;
  }
  chain.name = name_hash(names);
  policy_.classes.set(id, std::move(chain));
}

}  // namespace selvage::policy

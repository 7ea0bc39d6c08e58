#include "policy/compile/class_table.h"

#include <algorithm>

#include "base/name_hash.h"

namespace selvage::policy {

ClassId ClassTable::acquire(Direction direction, IpFamily family, const PredicateIds& signature) {
  const auto [it, added] = ids_.try_emplace({direction, family, signature}, next_id_);
  if (added) {
    entries_[next_id_++] = {&it->first, 0};
    write_chain(it->second, it->first);
    for (const PredicateId id : signature) holders_[id].push_back(it->second);
  }
  if (++entries_.at(it->second).uses == 1) unused_.erase(it->second);
  return it->second;
}

void ClassTable::release(ClassId id) {
  if (--entries_.at(id).uses == 0) unused_.insert(id);
}

bool ClassTable::drop_holder(PredicateId predicate, ClassId id) {
  const auto found = holders_.find(predicate);
  auto& classes = found->second;
  classes.erase(std::lower_bound(classes.begin(), classes.end(), id));
  if (!classes.empty()) return false;
  holders_.erase(found);
  return true;
}

std::set<PredicateId> ClassTable::collect() {
  std::set<PredicateId> dropped;
  for (const ClassId id : unused_) {
    const Key* key = entries_.at(id).key;
    for (const PredicateId predicate : key->signature) {
      if (!drop_holder(predicate, id)) continue;
      // Others end with the policies that use them, and may be gone already.
      const auto record = predicates_.records().find(predicate);
      if (record != predicates_.records().end() && record->second.predicate.port) dropped.insert(predicate);
    }
    entries_.erase(id);
    policy_.classes.erase(id);
    ids_.erase(*key);
  }
  unused_.clear();
  return dropped;
}

void ClassTable::refresh(const std::set<PredicateId>& changed) {
  for (const PredicateId predicate : changed) {
    const auto holders = holders_.find(predicate);
    if (holders == holders_.end()) continue;
    const PortKinds kinds = predicates_.at(predicate).kinds();
    for (const ClassId id : holders->second) {
      const ClassChain& written = *policy_.classes.find(id);
      const auto step = std::ranges::find(written.steps, predicate, &ClassStep::predicate);
      if (step->kinds == kinds) continue;
      ClassChain chain = written;
      chain.steps[static_cast<std::size_t>(step - written.steps.begin())].kinds = kinds;
      policy_.classes.set(id, std::move(chain));
    }
  }
}

void ClassTable::write_chain(ClassId id, const Key& key) {
  ClassChain chain{key.direction, key.family, {}, {}, {}};
  for (const PredicateId predicate : key.signature) {
    const PredicateRecord& record = predicates_.at(predicate);
    chain.steps.push_back({predicate, record.name, record.kinds()});
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

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "policy/compile/node_policy.h"

namespace selvage::policy {

/// A predicate that some policy in force uses.
struct PredicateRecord {
  Predicate predicate;
  std::string canonical;
  std::string name;  ///< PredicateSets::name
  std::string description;
  std::uint32_t uses = 0;
  std::array<std::uint32_t, 4> kind_uses{};  ///< by PortKind

  [[nodiscard]] PortKinds kinds() const;
};

/// A port name that egress rules use towards the peers of a predicate. Each number that the name
/// resolves to, on a pod that satisfies the predicate, makes a predicate of its own.
struct NamedPortPredicate {
  PredicateId base = 0;
  Protocol protocol = Protocol::tcp;
  std::string name;
  std::uint32_t uses = 0;
  std::map<std::uint16_t, PredicateId> numbers;
};

/// The predicates in use, by reference count. Those that came or went are kept until
/// `take_changes`, so that replacing a policy by a similar one changes only what differs. Ids are never reused. Not
/// thread-safe.
class PredicateTable {
 public:
  /// Finds or makes the predicate; it counts as used once more.
  PredicateId acquire(const Predicate& predicate);
  void release(PredicateId id);
  /// The predicate Anyone without a port; 0 when it is not in use.
  [[nodiscard]] PredicateId anyone(Direction direction) const { return anyone_[index(direction)]; }
  /// Counts one more (or one less) rule that puts permissions into this kind of set.
  void count_kind(PredicateId id, PortKind kind, int delta);

  /// Finds or makes the named_port_predicate; it counts as used once more.
  void acquire_named_port_predicate(PredicateId base, Protocol protocol, const std::string& name);
  void release_named_port_predicate(PredicateId base, Protocol protocol, const std::string& name);
  /// nullptr if it is not in use.
  [[nodiscard]] const NamedPortPredicate* find_named_port_predicate(PredicateId base, Protocol protocol,
                                                                    const std::string& name) const;
  /// The predicate of a named_port_predicate at `number`; made when it is new. Lives until `drop_number`.
  PredicateId refine(PredicateId base, Protocol protocol, const std::string& name, std::uint16_t number);
  void drop_number(PredicateId refined);

  using NamedPortPredicates = std::map<std::tuple<PredicateId, Protocol, std::string>, NamedPortPredicate>;
  [[nodiscard]] const NamedPortPredicates& named_port_predicates() const { return named_port_predicates_; }
  [[nodiscard]] const PredicateRecord& at(PredicateId id) const { return records_.at(id); }
  [[nodiscard]] const std::map<PredicateId, PredicateRecord>& records() const { return records_; }

  /// Predicates that came and went since the last call, without those with a port (they follow classes).
  struct Changes {
    std::vector<PredicateId> added;
    std::vector<std::pair<PredicateId, Predicate>> removed;
    std::set<PredicateId> refined_bases;  ///< predicates whose port names came or went, some removed now
  };
  /// Also removes predicates that no policy uses any more.
  Changes take_changes();
  /// True once after a number of a named_port_predicate came or went.
  [[nodiscard]] bool take_numbers_changed() { return std::exchange(numbers_changed_, false); }
  /// The predicates that were made, removed, or changed their kinds since the last call; port names
  /// without uses and numbers are forgotten.
  [[nodiscard]] std::set<PredicateId> take_touched();

 private:
  PredicateId add(const Predicate& predicate, std::string canonical_text);
  void remove(std::map<PredicateId, PredicateRecord>::iterator record);

  std::map<PredicateId, PredicateRecord> records_;
  std::map<std::string, PredicateId> ids_;  ///< by canonical text
  PredicateId next_id_ = 1;
  NamedPortPredicates named_port_predicates_;
  std::set<PredicateId> fresh_;
  std::set<PredicateId> unused_;
  std::set<PredicateId> touched_;
  std::set<PredicateId> refined_bases_;
  std::array<PredicateId, 2> anyone_{};
  bool numbers_changed_ = false;
  bool named_port_predicates_emptied_ = false;  ///< some have no use or number left
};

}  // namespace selvage::policy

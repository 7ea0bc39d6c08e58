#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "controller/counters/counter_labels.h"

namespace selvage::controller {

/// Sums up what elements counted, by the policies that give them. The elements of a policy come and go with its pods,
/// and a sum that fell with each that goes would look to Prometheus like a counter that began anew; so the increments
/// are summed up. What had been counted before the first reading is left out. Not thread-safe.
class AllowedTotals {
 public:
  /// Direction, and all policies that allow what was counted.
  using Series = std::pair<policy::Direction, policy::Origins>;
  /// What the elements of sets have counted, by the set's name.
  using Counts = std::map<std::string, std::map<nft::ElementKey, nft::CounterValue>>;

  /// Takes in a reading of all sets in `owners.allow`. What was counted since the one before goes to those who own the
  /// element now; an element without an owner is left to a later reading that knows it. Series that own no element any
  /// more are gone.
  void take(const CounterLabels& owners, Counts counts);

  [[nodiscard]] const std::map<Series, nft::CounterValue>& totals() const { return totals_; }

 private:
  [[nodiscard]] nft::CounterValue increment(const std::string& set, const nft::ElementKey& key,
                                            const nft::CounterValue& now) const;

  std::map<Series, nft::CounterValue> totals_;
  std::optional<Counts> before_;  ///< the last reading
};

}  // namespace selvage::controller

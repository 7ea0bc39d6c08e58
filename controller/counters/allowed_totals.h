#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "controller/counters/counter_labels.h"

namespace selvage::controller {

/// Adds up element counters by the policies that the elements belong to. Elements of a policy come and go with its
/// pods, and a sum that falls would look to Prometheus like a counter reset; therefore increments are added up. Counts
/// from before the first reading are left out. Not thread-safe.
class AllowedTotals {
 public:
  /// Direction, and all policies that allow the counted packets.
  using Series = std::pair<policy::Direction, policy::Origins>;
  /// Element counters by name of the set.
  using Counts = std::map<std::string, std::map<nft::ElementKey, nft::CounterValue>>;

  /// Takes in a reading of all sets in `labels.allow`. Increments since the previous reading go to the current policies
  /// of the element; an element without policies is left to a later reading that knows them. Series without elements
  /// are dropped.
  void take(const CounterLabels& labels, Counts counts);

  [[nodiscard]] const std::map<Series, nft::CounterValue>& totals() const { return totals_; }

 private:
  [[nodiscard]] nft::CounterValue increment(const std::string& set, const nft::ElementKey& key,
                                            const nft::CounterValue& now) const;

  std::map<Series, nft::CounterValue> totals_;
  std::optional<Counts> before_;  ///< the last reading
};

}  // namespace selvage::controller

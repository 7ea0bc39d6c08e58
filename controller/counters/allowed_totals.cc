#include "controller/counters/allowed_totals.h"

namespace selvage::controller {

/// The increment of an element since the last reading. An element that is new, or that was reset, has counted all of it
/// since.
nft::CounterValue AllowedTotals::increment(const std::string& set, const nft::ElementKey& key,
                                           const nft::CounterValue& now) const {
  if (!before_) return {};
  const auto elements = before_->find(set);
  if (elements == before_->end()) return now;
  const auto before = elements->second.find(key);
  if (before == elements->second.end()) return now;
  const nft::CounterValue& then = before->second;
  if (now.packets < then.packets || now.bytes < then.bytes) return now;
  return {now.packets - then.packets, now.bytes - then.bytes};
}

void AllowedTotals::take(const CounterLabels& labels, Counts counts) {
  std::map<Series, nft::CounterValue> totals;
  for (const auto& [name, set] : labels.allow) {
    auto& counted = counts[name];
    for (const auto& [key, policies] : set.policies) {
      const auto [series, added] = totals.try_emplace({set.direction, policies});
      if (added && totals_.contains(series->first)) series->second = totals_.at(series->first);
      if (const auto now = counted.find(key); now != counted.end()) series->second += increment(name, key, now->second);
    }
    std::erase_if(counted, [&known = set.policies](const auto& element) { return !known.contains(element.first); });
  }
  totals_ = std::move(totals);
  before_ = std::move(counts);
}

}  // namespace selvage::controller

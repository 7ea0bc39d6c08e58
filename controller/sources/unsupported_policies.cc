#include "controller/sources/unsupported_policies.h"

#include <spdlog/spdlog.h>

#include <map>
#include <string>
#include <utility>

namespace selvage::controller {

using k8s_client::TypeName;
using k8s_client::UnsupportedCounts;

void UnsupportedPolicies::set(const UnsupportedCounts& counts) {
  UnsupportedCounts all = counts;
  for (const auto& [type, before] : known_) all.try_emplace(type, 0);
  update(all);
}

void UnsupportedPolicies::update(const UnsupportedCounts& counts) {
  for (const auto& [type, now] : counts) log(type, std::exchange(known_[type], now), now);
  set_metric();
}

void UnsupportedPolicies::log(const TypeName& type, std::size_t before, std::size_t now) const {
  if (now > before) spdlog::warn("{}", k8s_client::describe_unsupported(type, now));
  if (now == 0 && before > 0) spdlog::info("no {} objects of {} are left", type.kind, type.api_version);
}

/// The metric has one series for all versions of a group.
void UnsupportedPolicies::set_metric() const {
  std::map<std::pair<std::string, std::string>, std::size_t> sums;
  for (const auto& [type, count] : known_) {
    sums[{std::string(k8s_client::group_of(type.api_version)), type.kind}] += count;
  }
  for (const auto& [series, count] : sums) metrics_.set_unsupported_policies(series.first, series.second, count);
}

}  // namespace selvage::controller

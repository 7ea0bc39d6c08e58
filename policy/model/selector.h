#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "policy/model/labels.h"

namespace selvage::policy {

/// One requirement of a label selector (metav1.LabelSelectorRequirement). matchLabels entries are
/// written as `in` with one value. `values` is sorted and without repeats, empty for exists and
/// does_not_exist.
struct LabelRequirement {
  enum class Operator : std::uint8_t { in, not_in, exists, does_not_exist };

  std::string key;
  Operator op = Operator::in;
  std::vector<std::string> values;

  /// NotIn and DoesNotExist hold for an absent key, In and Exists do not.
  [[nodiscard]] bool matches(const Labels& labels) const;

  friend auto operator<=>(const LabelRequirement&, const LabelRequirement&) = default;
};

/// A label selector (metav1.LabelSelector): all requirements must hold; none at all matches
/// everything. `normalize` sorts, so that equal selectors compare equal.
struct LabelSelector {
  std::vector<LabelRequirement> requirements;

  [[nodiscard]] bool matches(const Labels& labels) const;
  void normalize();
  /// For logs and comments: "app=web,tier in (a,b),!old"; "" for the selector of everything.
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const LabelSelector&, const LabelSelector&) = default;
};

/// `{key=value}` as a selector: what matchLabels lowers to.
[[nodiscard]] LabelSelector match_labels(const std::vector<Labels::Pair>& pairs);

}  // namespace selvage::policy

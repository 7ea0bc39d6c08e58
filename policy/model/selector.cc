#include "policy/model/selector.h"

#include <algorithm>

namespace selvage::policy {
namespace {

std::string value_list(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ",") + value;
  return "(" + text + ")";
}

std::string describe(const LabelRequirement& requirement) {
  using Operator = LabelRequirement::Operator;
  switch (requirement.op) {
    case Operator::in:
      if (requirement.values.size() == 1) return requirement.key + "=" + requirement.values.front();
      return requirement.key + " in " + value_list(requirement.values);
    case Operator::not_in:
      return requirement.key + " notin " + value_list(requirement.values);
    case Operator::exists:
      return requirement.key;
    case Operator::does_not_exist:
      return "!" + requirement.key;
  }
  return {};
}

}  // namespace

bool LabelRequirement::matches(const Labels& labels) const {
  const auto value = labels.find(key);
  const auto listed = [&] { return std::binary_search(values.begin(), values.end(), *value, std::less<>{}); };
  switch (op) {
    case Operator::in:
      return value.has_value() && listed();
    case Operator::not_in:
      return !value.has_value() || !listed();
    case Operator::exists:
      return value.has_value();
    case Operator::does_not_exist:
      return !value.has_value();
  }
  return false;
}

bool LabelSelector::matches(const Labels& labels) const {
  return std::all_of(requirements.begin(), requirements.end(), [&](const auto& r) { return r.matches(labels); });
}

void LabelSelector::normalize() {
  for (auto& requirement : requirements) {
    auto& values = requirement.values;
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  std::sort(requirements.begin(), requirements.end());
  requirements.erase(std::unique(requirements.begin(), requirements.end()), requirements.end());
}

std::string LabelSelector::to_string() const {
  std::string text;
  for (const auto& requirement : requirements) text += (text.empty() ? "" : ",") + describe(requirement);
  return text;
}

LabelSelector match_labels(const std::vector<Labels::Pair>& pairs) {
  LabelSelector selector;
  for (const auto& [key, value] : pairs) {
    selector.requirements.push_back({key, LabelRequirement::Operator::in, {value}});
  }
  selector.normalize();
  return selector;
}

}  // namespace selvage::policy

#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/names.h"

namespace selvage::k8s_client {
namespace {

using policy::LabelRequirement;
using Operator = LabelRequirement::Operator;

std::optional<Operator> decode_operator(const Field& field) {
  const auto name = field.text();
  if (!name) return std::nullopt;
  if (*name == "In") return Operator::in;
  if (*name == "NotIn") return Operator::not_in;
  if (*name == "Exists") return Operator::exists;
  if (*name == "DoesNotExist") return Operator::does_not_exist;
  return field.complain("expected In, NotIn, Exists or DoesNotExist");
}

std::optional<std::string> decode_value(const Field& field) {
  auto value = field.text();
  if (value && !is_label_value(*value)) {
    return field.complain("not a label value: expected at most 63 letters, digits, '-', '_' and '.'");
  }
  return value;
}

std::optional<LabelRequirement> decode_requirement(const Field& field) {
  if (field.absent()) return field.complain("expected key, operator and values");
  if (!field.has_only({"key", "operator", "values"})) return std::nullopt;
  const auto key = field["key"].text();
  if (!key) return std::nullopt;
  if (!is_label_key(*key)) return field["key"].complain("not a label key: expected [prefix/]name");
  const auto op = decode_operator(field["operator"]);
  auto values = decode_list<std::string>(field["values"], decode_value);
  if (!op || !values) return std::nullopt;
  const bool wants_values = *op == Operator::in || *op == Operator::not_in;
  if (wants_values && values->empty()) return field["values"].complain("In and NotIn need at least one value");
  if (!wants_values && !values->empty()) return field["values"].complain("Exists and DoesNotExist take no values");
  return LabelRequirement{*key, *op, std::move(*values)};
}

}  // namespace

std::optional<policy::LabelSelector> decode_selector(const Field& selector) {
  if (!selector.has_only({"matchLabels", "matchExpressions"})) return std::nullopt;
  const auto labels = decode_labels(selector["matchLabels"]);
  auto requirements = decode_list<LabelRequirement>(selector["matchExpressions"], decode_requirement);
  if (!labels || !requirements) return std::nullopt;
  policy::LabelSelector result{std::move(*requirements)};
  for (const auto& [key, value] : *labels) result.requirements.push_back({key, Operator::in, {value}});
  result.normalize();
  return result;
}

}  // namespace selvage::k8s_client

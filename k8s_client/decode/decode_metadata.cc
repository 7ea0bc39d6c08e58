#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/names.h"

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kDefaultNamespace = "default";

std::optional<std::string> decode_name(const Field& field, bool (*valid)(std::string_view), const char* expected) {
  auto name = field.text();
  if (name && !valid(*name)) return field.complain(std::string("expected ") + expected);
  return name;
}

std::optional<std::string> decode_subdomain(const Field& name) {
  return decode_name(name, is_dns_subdomain, "a DNS name: a-z, 0-9, '-' and '.', at most 253 characters");
}

std::optional<std::string> decode_dns_label(const Field& name) {
  return decode_name(name, is_dns_label, "a DNS label: a-z, 0-9 and '-', at most 63 characters");
}

std::optional<Identity> decode_namespaced(const Field& object) {
  if (!object["metadata"].is_mapping()) return std::nullopt;
  const Field scope = object["metadata"]["namespace"];
  const bool given = !scope.absent() && scope.text_or("") != std::string();
  const auto namespace_name = given ? decode_dns_label(scope) : scope.text_or("");
  const auto name = decode_subdomain(object["metadata"]["name"]);
  if (!namespace_name || !name) return std::nullopt;
  return Identity{given ? *namespace_name : std::string(kDefaultNamespace), *name};
}

}  // namespace

std::optional<Identity> decode_namespace_identity(const Field& object) {
  if (!object["metadata"].is_mapping()) return std::nullopt;
  const auto name = decode_dns_label(object["metadata"]["name"]);
  if (!name) return std::nullopt;
  return Identity{"", *name};
}

std::optional<Identity> decode_pod_identity(const Field& object) { return decode_namespaced(object); }

std::optional<Identity> decode_network_policy_identity(const Field& object) { return decode_namespaced(object); }

std::optional<policy::Mode> decode_mode(const Field& object) {
  // Other annotations may have any value; most are not even read.
  const Field annotations = object["metadata"]["annotations"];
  if (annotations.absent()) return std::nullopt;
  if (!annotations.is_mapping()) return policy::Mode::enforced;
  const Field field = annotations[kModeAnnotation];
  if (field.absent()) return std::nullopt;
  const auto mode = field.text();
  if (!mode) return policy::Mode::enforced;
  if (*mode == "enforced") return policy::Mode::enforced;
  if (*mode == "staged") return policy::Mode::staged;
  field.complain("expected enforced or staged");
  return policy::Mode::enforced;
}

std::optional<std::vector<policy::Labels::Pair>> decode_labels(const Field& labels) {
  const auto entries = labels.entries();
  if (!entries) return std::nullopt;
  std::vector<policy::Labels::Pair> pairs;
  for (const auto& [key, field] : *entries) {
    const auto value = field.text();
    if (!value) return std::nullopt;
    if (!is_label_key(key)) {
      return field.complain("not a label key: expected [prefix/]name of letters, digits, '-', '_' and '.'");
    }
    if (!is_label_value(*value)) {
      return field.complain("not a label value: expected at most 63 letters, digits, '-', '_' and '.'");
    }
    pairs.emplace_back(key, *value);
  }
  return pairs;
}

}  // namespace selvage::k8s_client

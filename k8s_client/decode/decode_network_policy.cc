#include "k8s_client/decode/decode.h"

namespace selvage::k8s_client {
namespace {

struct Directions {
  bool ingress = true;
  bool egress = true;
};

/// A typo must not leave a direction open: in doubt, both are isolated. `spec_is_known`: there is no unknown field,
/// which may be a misspelt policyTypes.
Directions decode_directions(const Field& spec, bool spec_is_known) {
  constexpr std::size_t kMaxTypes = 2;
  const auto types = spec["policyTypes"].items();
  const auto egress = spec["egress"].items();
  if (!types) return {};
  if (types->empty()) return spec_is_known && egress ? Directions{true, !egress->empty()} : Directions{};
  Directions directions{false, false};
  for (const auto& field : *types) {
    const auto type = field.text();
    if (!type) return {};
    if (*type == "Ingress") {
      directions.ingress = true;
    } else if (*type == "Egress") {
      directions.egress = true;
    } else {
      field.complain("expected Ingress or Egress");
      return {};
    }
  }
  if (types->size() > kMaxTypes) spec["policyTypes"].complain("expected at most Ingress and Egress");
  return directions;
}

/// The rules that could be decoded.
std::vector<policy::Rule> decode_rules(const Field& rules, std::string_view peers_key) {
  std::vector<policy::Rule> decoded;
  const auto items = rules.items();
  if (!items) return decoded;
  for (const auto& item : *items) {
    auto rule = decode_rule(item, peers_key);
    if (rule) decoded.push_back(std::move(*rule));
  }
  return decoded;
}

}  // namespace

policy::NetworkPolicy decode_network_policy(const Field& object, const Identity& identity) {
  const bool object_is_known = object.has_only({"apiVersion", "kind", "metadata", "spec", "status"});
  const Field spec = object["spec"];
  const bool spec_is_known = spec.has_only({"podSelector", "policyTypes", "ingress", "egress"});
  policy::NetworkPolicy result;
  result.namespace_name = identity.namespace_name;
  result.name = identity.name;
  result.mode = decode_mode(object);
  result.pod_selector = decode_selector(spec["podSelector"]).value_or(policy::LabelSelector{});
  const Directions directions = decode_directions(spec, object_is_known && spec_is_known);
  result.isolates_ingress = directions.ingress;
  result.isolates_egress = directions.egress;
  // Rules of a direction that is not isolated have no effect, but are checked, as in the API server.
  auto ingress = decode_rules(spec["ingress"], "from");
  auto egress = decode_rules(spec["egress"], "to");
  if (directions.ingress) result.ingress = std::move(ingress);
  if (directions.egress) result.egress = std::move(egress);
  return result;
}

}  // namespace selvage::k8s_client

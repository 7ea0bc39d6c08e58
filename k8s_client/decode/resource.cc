#include "k8s_client/decode/resource.h"

#include <array>
#include <type_traits>
#include <variant>

namespace selvage::k8s_client {
namespace {

std::optional<policy::Object> namespace_object(const Field& object, const Identity& identity, bool /*known_version*/,
                                               std::optional<Complaint>& of_mode) {
  return decode_namespace(object, identity, of_mode);
}

std::optional<policy::Object> pod_object(const Field& object, const Identity& identity, bool /*known_version*/,
                                         std::optional<Complaint>& /*of_mode*/) {
  return decode_pod(object, identity);
}

/// Rules of another version may mean anything, so they grant nothing.
std::optional<policy::Object> network_policy_object(const Field& object, const Identity& identity, bool known_version,
                                                    std::optional<Complaint>& /*of_mode*/) {
  policy::NetworkPolicy decoded = decode_network_policy(object, identity);
  if (!known_version) {
    decoded.ingress.clear();
    decoded.egress.clear();
  }
  return decoded;
}

constexpr std::array kRows = {
    ResourceRow{.resource = Resource::namespaces,
                .name = "namespaces",
                .path = "/api/v1/namespaces",
                .selector_query = "",
                .api_version = "v1",
                .kind = "Namespace",
                .object_kind = policy::Kind::name_space,
                .namespaced = false,
                .presence = Presence::required,
                .shapes = &kNamespaceShapes,
                .decode_identity = decode_namespace_identity,
                .decode = namespace_object,
                .has_fallback = false},
    // Finished pods are left out: their addresses may be reused.
    ResourceRow{.resource = Resource::pods,
                .name = "pods",
                .path = "/api/v1/pods",
                .selector_query = "fieldSelector=status.phase!%3DSucceeded%2Cstatus.phase!%3DFailed",
                .api_version = "v1",
                .kind = "Pod",
                .object_kind = policy::Kind::pod,
                .namespaced = true,
                .presence = Presence::required,
                .shapes = &kPodShapes,
                .decode_identity = decode_pod_identity,
                .decode = pod_object,
                .has_fallback = false},
    ResourceRow{.resource = Resource::network_policies,
                .name = "networkpolicies",
                .path = "/apis/networking.k8s.io/v1/networkpolicies",
                .selector_query = "",
                .api_version = "networking.k8s.io/v1",
                .kind = "NetworkPolicy",
                .object_kind = policy::Kind::network_policy,
                .namespaced = true,
                .presence = Presence::required,
                .shapes = &kNetworkPolicyShapes,
                .decode_identity = decode_network_policy_identity,
                .decode = network_policy_object,
                .has_fallback = true},
};

constexpr bool rows_are_in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (static_cast<std::size_t>(kRows[i].resource) != i) return false;
  }
  return true;
}
static_assert(rows_are_in_order());

}  // namespace

std::span<const ResourceRow> resource_rows() { return kRows; }
const ResourceRow& row_of(Resource resource) { return kRows[static_cast<std::size_t>(resource)]; }

}  // namespace selvage::k8s_client

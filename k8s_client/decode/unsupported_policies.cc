#include "k8s_client/decode/unsupported_policies.h"

#include <algorithm>

namespace selvage::k8s_client {
namespace {

// Calico's API server offers what is stored as crd.projectcalico.org, and NetworkPolicies of Kubernetes beside it.
constexpr std::string_view kCalicoStored = "crd.projectcalico.org/v1";
constexpr std::string_view kCalicoServed = "projectcalico.org/v3";

/// Tiers of Calico are not policies, so they are not here.
constexpr std::array kKinds = {
    UnsupportedKind{"ClusterNetworkPolicy",
                    "clusternetworkpolicies",
                    {"policy.networking.k8s.io/v1beta1", "policy.networking.k8s.io/v1alpha2"}},
    UnsupportedKind{"AdminNetworkPolicy", "adminnetworkpolicies", {"policy.networking.k8s.io/v1alpha1"}},
    UnsupportedKind{
        "BaselineAdminNetworkPolicy", "baselineadminnetworkpolicies", {"policy.networking.k8s.io/v1alpha1"}},
    UnsupportedKind{"NetworkPolicy", "networkpolicies", {kCalicoStored, kCalicoServed}},
    UnsupportedKind{"GlobalNetworkPolicy", "globalnetworkpolicies", {kCalicoStored, kCalicoServed}},
    UnsupportedKind{"StagedNetworkPolicy", "stagednetworkpolicies", {kCalicoStored, kCalicoServed}},
    UnsupportedKind{"StagedGlobalNetworkPolicy", "stagedglobalnetworkpolicies", {kCalicoStored, kCalicoServed}},
    UnsupportedKind{"StagedKubernetesNetworkPolicy", "stagedkubernetesnetworkpolicies", {kCalicoStored, kCalicoServed}},
    UnsupportedKind{"CiliumNetworkPolicy", "ciliumnetworkpolicies", {"cilium.io/v2"}},
    UnsupportedKind{"CiliumClusterwideNetworkPolicy", "ciliumclusterwidenetworkpolicies", {"cilium.io/v2"}},
};

}  // namespace

std::span<const UnsupportedKind> unsupported_kinds() { return kKinds; }

bool is_unsupported_policy(const TypeName& type) {
  const std::string_view group = group_of(type.api_version);
  return !group.empty() && std::any_of(kKinds.begin(), kKinds.end(), [&](const UnsupportedKind& one) {
    return one.kind == type.kind && std::any_of(one.api_versions.begin(), one.api_versions.end(),
                                                [&](std::string_view version) { return group_of(version) == group; });
  });
}

std::string describe_unsupported(const TypeName& type, std::size_t count) {
  return std::to_string(count) + " " + type.kind + (count == 1 ? " object is" : " objects are") +
         " not enforced: Selvage does not support " + type.api_version + " yet";
}

}  // namespace selvage::k8s_client

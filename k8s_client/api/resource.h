#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "policy/model/model.h"

namespace selvage::k8s_client {

/// The resources that a node's agent follows, all over the cluster.
enum class Resource : std::uint8_t { namespaces, pods, network_policies };

inline constexpr std::array kResources = {Resource::namespaces, Resource::pods, Resource::network_policies};

/// "namespaces", "pods", "networkpolicies": as RBAC rules have it.
[[nodiscard]] std::string_view to_string(Resource resource);

/// Where its lists and watches are: "/api/v1/pods".
[[nodiscard]] std::string_view path_of(Resource resource);

/// The kind of one object of it: "Pod".
[[nodiscard]] std::string_view kind_of(Resource resource);

/// That kind, as in policy::ObjectKey.
[[nodiscard]] policy::Kind object_kind(Resource resource);

/// What a list and a watch ask for, percent-encoded: "fieldSelector=..." that leaves finished pods out;
/// empty where all objects are wanted. A pod that finishes is then seen as deleted.
[[nodiscard]] std::string_view selector_query(Resource resource);

}  // namespace selvage::k8s_client

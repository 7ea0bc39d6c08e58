#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "k8s_client/decode/decode.h"
#include "k8s_client/decode/json_shape.h"

namespace selvage::k8s_client {

/// The resources that an agent lists and watches in the whole cluster. Names a row of `resource_rows`.
enum class Resource : std::uint8_t { namespaces, pods, network_policies };

/// Whether every API server has a resource.
enum class Presence : std::uint8_t {
  required,  ///< it does: a 404 is an error
  optional,  ///< a CustomResourceDefinition brings it: a 404 means that it has no objects
};

/// Everything that distinguishes one kind of object from the others: how it is requested, which parts of it are read
/// and how they are decoded. To follow another kind, add a row.
struct ResourceRow {
  Resource resource;
  std::string_view name;  ///< "pods", as in RBAC rules
  std::string_view path;  ///< of lists and watches: "/api/v1/pods"
  /// Query of lists and watches, percent-encoded; empty where all objects are wanted. An object that stops matching it
  /// is reported as deleted.
  std::string_view selector_query;
  std::string_view api_version;  ///< "networking.k8s.io/v1"
  std::string_view kind;         ///< "NetworkPolicy"; a list of them is a "NetworkPolicyList"
  policy::Kind object_kind;      ///< as in policy::ObjectKey
  bool namespaced;
  Presence presence;
  const ObjectShapes* shapes;
  std::optional<Identity> (*decode_identity)(const Field& object);
  /// Decodes an object; nothing, after a complaint, where that is impossible. `known_version` is false where the object
  /// has another apiVersion than `api_version`. A bad mode is noted in `of_mode` only (decode_namespace).
  std::optional<policy::Object> (*decode)(const Field& object, const Identity& identity, bool known_version,
                                          std::optional<Complaint>& of_mode);
  /// Whether the result of `decode` is the fail-closed fallback after a complaint (Decoded::fallback), so that it can
  /// stand in for an object without a last good version.
  bool has_fallback;
};

/// One row for each resource, in the order of `Resource`.
[[nodiscard]] std::span<const ResourceRow> resource_rows();
[[nodiscard]] const ResourceRow& row_of(Resource resource);

}  // namespace selvage::k8s_client

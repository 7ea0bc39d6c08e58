#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "k8s_client/decode/field.h"
#include "policy/model/labels.h"
#include "policy/model/model.h"
#include "policy/model/selector.h"

/// One decoder for each part of an object. Where the API server would not accept the part, it returns nothing, after a
/// complaint to its field. For the meaning of the parts see policy/model/model.h.
namespace selvage::k8s_client {

/// The label that every namespace has, with its name (corev1.LabelMetadataName).
inline constexpr const char* kNamespaceNameLabel = "kubernetes.io/metadata.name";

/// metadata.namespace ("default" if absent, empty for cluster-scoped objects) and metadata.name.
struct Identity {
  std::string namespace_name;
  std::string name;
};

[[nodiscard]] std::optional<Identity> decode_namespace_identity(const Field& object);
[[nodiscard]] std::optional<Identity> decode_pod_identity(const Field& object);
[[nodiscard]] std::optional<Identity> decode_network_policy_identity(const Field& object);

/// The annotation selvage.dev/mode of an object: "enforced" or "staged"; nothing if absent. Enforced, with a complaint,
/// if it is anything else or cannot be read: an error must not allow anything.
[[nodiscard]] std::optional<policy::Mode> decode_mode(const Field& object);
[[nodiscard]] std::optional<std::vector<policy::Labels::Pair>> decode_labels(const Field& labels);
/// If absent, the selector that matches everything.
[[nodiscard]] std::optional<policy::LabelSelector> decode_selector(const Field& selector);
/// TCP if absent.
[[nodiscard]] std::optional<policy::Protocol> decode_protocol(const Field& protocol);
[[nodiscard]] std::optional<policy::Peer> decode_peer(const Field& peer);
[[nodiscard]] std::optional<policy::PortMatch> decode_port(const Field& port);
/// `peers_key` is "from" or "to".
[[nodiscard]] std::optional<policy::Rule> decode_rule(const Field& rule, std::string_view peers_key);

/// An invalid mode is noted in `of_mode` only, and the object stays good: an annotation must not freeze labels.
[[nodiscard]] std::optional<policy::Namespace> decode_namespace(const Field& object, const Identity& identity,
                                                                std::optional<Complaint>& of_mode);
[[nodiscard]] std::optional<policy::Pod> decode_pod(const Field& object, const Identity& identity);
/// Never fails: after a complaint this is the fail-closed fallback (Decoded::fallback).
[[nodiscard]] policy::NetworkPolicy decode_network_policy(const Field& object, const Identity& identity);

/// The decoded items, or nothing if one of them cannot be decoded. Empty if the list is absent.
template <class Item, class Decode>
[[nodiscard]] std::optional<std::vector<Item>> decode_list(const Field& list, Decode decode) {
  const auto fields = list.items();
  if (!fields) return std::nullopt;
  std::vector<Item> items;
  for (const auto& field : *fields) {
    std::optional<Item> item = decode(field);
    if (!item) return std::nullopt;
    items.push_back(std::move(*item));
  }
  return items;
}

}  // namespace selvage::k8s_client

#include "k8s_client/decode/json_shape.h"

#include <array>

#include "k8s_client/decode/names.h"

namespace selvage::k8s_client {
namespace {

using Others = JsonShape::Others;

template <std::size_t Count>
constexpr JsonShape mapping(std::string_view key, const std::array<JsonShape, Count>& members,
                            Others others = Others::left_out) {
  return {key, members.data(), members.size(), others};
}

constexpr JsonShape leaf(std::string_view key) { return {key, nullptr, 0, Others::left_out}; }
constexpr JsonShape whole(std::string_view key) { return {key, nullptr, 0, Others::read}; }

constexpr JsonShape kWhole = whole("");

constexpr std::array kAnnotations = {leaf("k8s.io/initial-events-end"), leaf(kModeAnnotation)};

constexpr std::array kPodMetadata = {
    leaf("name"),
    leaf("namespace"),
    leaf("uid"),
    leaf("resourceVersion"),
    leaf("creationTimestamp"),
    whole("labels"),
    mapping("annotations", kAnnotations),
};
constexpr std::array kPorts = {leaf("name"), leaf("protocol"), leaf("containerPort")};
constexpr std::array kContainers = {mapping("ports", kPorts)};
constexpr std::array kInitContainers = {leaf("restartPolicy"), mapping("ports", kPorts)};
constexpr std::array kPodSpec = {
    leaf("nodeName"),
    leaf("hostNetwork"),
    mapping("containers", kContainers),
    mapping("initContainers", kInitContainers),
};
constexpr std::array kPodIps = {leaf("ip")};
constexpr std::array kPodStatus = {leaf("phase"), leaf("podIP"), mapping("podIPs", kPodIps)};

constexpr std::array kCauses = {leaf("reason")};
constexpr std::array kDetails = {leaf("retryAfterSeconds"), mapping("causes", kCauses)};
constexpr JsonShape kKind = leaf("kind");
constexpr JsonShape kApiVersion = leaf("apiVersion");
constexpr JsonShape kCode = leaf("code");
constexpr JsonShape kReason = leaf("reason");
constexpr JsonShape kMessage = leaf("message");
constexpr JsonShape kStatusDetails = mapping("details", kDetails);

constexpr std::array kNamespace = {
    kKind, kApiVersion, mapping("metadata", kPodMetadata), kCode, kReason, kMessage, kStatusDetails,
};
constexpr std::array kPod = {
    kKind,
    kApiVersion,
    mapping("metadata", kPodMetadata),
    mapping("spec", kPodSpec),
    mapping("status", kPodStatus),
    kCode,
    kReason,
    kMessage,
    kStatusDetails,
};
constexpr std::array kNetworkPolicy = {
    kKind, kApiVersion, mapping("metadata", kPodMetadata), whole("spec"), kCode, kReason, kMessage, kStatusDetails,
};
constexpr std::array kStatus = {kKind, kCode, kReason, kMessage, kStatusDetails};

constexpr std::array kListMetadata = {leaf("resourceVersion"), leaf("continue"), leaf("remainingItemCount")};
constexpr std::array kList = {mapping("metadata", kListMetadata)};

constexpr std::array kGroupVersions = {leaf("groupVersion")};
constexpr std::array kGroups = {mapping("versions", kGroupVersions)};
constexpr std::array kGroupList = {mapping("groups", kGroups)};

/// The key is that in a watch event; of an item of a list it does not matter.
template <const auto& Members, Others AboutOthers = Others::left_out>
struct Shapes {
  static constexpr JsonShape kObject = mapping("object", Members, AboutOthers);
  static constexpr std::array kEvent = {leaf("type"), kObject};
  static constexpr ObjectShapes kBoth = {kObject, mapping("", kEvent)};
};

constexpr JsonShape kStatusShape = mapping("", kStatus);
constexpr JsonShape kListShape = mapping("", kList);
constexpr JsonShape kGroupListShape = mapping("", kGroupList);

}  // namespace

constexpr ObjectShapes kNamespaceShapes = Shapes<kNamespace>::kBoth;
constexpr ObjectShapes kPodShapes = Shapes<kPod>::kBoth;
/// An unknown field beside a policy's spec must be seen: it may be a misspelt spec.
constexpr ObjectShapes kNetworkPolicyShapes = Shapes<kNetworkPolicy, Others::named>::kBoth;

const JsonShape* JsonShape::find(std::string_view name) const {
  for (std::size_t i = 0; i < member_count; ++i) {
    if (members[i].key == name) return &members[i];
  }
  return others == Others::read ? &kWhole : nullptr;
}

const JsonShape& status_shape() { return kStatusShape; }
const JsonShape& list_shape() { return kListShape; }
const JsonShape& group_list_shape() { return kGroupListShape; }

}  // namespace selvage::k8s_client

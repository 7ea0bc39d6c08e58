#include "controller/tables/set_role.h"

#include <algorithm>
#include <array>
#include <utility>

namespace selvage::controller {
namespace {

using policy::Direction;
using policy::PortKind;
using SetKind = SetRole::Kind;
using ChainKind = ChainRole::Kind;

template <class Kind>
using NamedKind = std::pair<Kind, std::string_view>;

constexpr std::array<NamedKind<SetKind>, 8> kSingleSets = {{
    {SetKind::pod_bridges, kPodBridges},
    {SetKind::cut, kCut},
    {SetKind::fastpath_state, kFastpathState},
    {SetKind::icmp_protocols, kIcmpProtocols},
    {SetKind::neighbour_discovery, kNeighbourDiscovery},
    {SetKind::multicast_listener, kMulticastListener},
    {SetKind::multicast6, kMulticast6},
    {SetKind::plain_frames, kPlainFrames},
}};
/// The part of the name before the family.
constexpr std::array<NamedKind<SetKind>, 3> kFamilySets = {{
    {SetKind::local_pods, "local-pods"},
    {SetKind::fastpath_pods, "fastpath-pods"},
    {SetKind::self, "self"},
}};
/// The part of the name between the direction and the family.
constexpr std::array<NamedKind<SetKind>, 4> kDirectionSets = {{
    {SetKind::isolated, "-isolated"},
    {SetKind::denied, "-denied"},
    {SetKind::peers, "-peer"},
    {SetKind::cidrs, "-cidr"},
}};
constexpr std::array<NamedKind<ChainKind>, 11> kSingleChains = {{
    {ChainKind::forward, kForward},
    {ChainKind::connections, kConnections},
    {ChainKind::fastpath, kFastpath},
    {ChainKind::fastpath_from_pods, kFastpathFromPods},
    {ChainKind::replies, kReplies},
    {ChainKind::related_errors, kRelatedErrors},
    {ChainKind::link_packets, kLinkPackets},
    {ChainKind::deny, kDeny},
    {ChainKind::unknown_source, kUnknownSource},
    {ChainKind::unknown_destination, kUnknownDestination},
    {ChainKind::drop_cut, kDropCut},
}};
constexpr std::array<NamedKind<PortKind>, 4> kPortKindNames = {{
    {PortKind::all, "all"},
    {PortKind::protocols, "protos"},
    {PortKind::ports, "ports"},
    {PortKind::ranges, "ranges"},
}};
constexpr std::array<NamedKind<Direction>, 2> kDirectionNames = {{
    {Direction::ingress, "ingress"},
    {Direction::egress, "egress"},
}};
constexpr std::array<NamedKind<Direction>, 2> kShortDirections = {{
    {Direction::ingress, "-in"},
    {Direction::egress, "-out"},
}};
constexpr std::array<NamedKind<IpFamily>, 2> kFamilyNames = {{{IpFamily::v4, "4"}, {IpFamily::v6, "6"}}};

constexpr std::string_view kHashed = "p-";
constexpr std::string_view kClass = "k";
constexpr std::string_view kDenied = "deny";
constexpr std::string_view kLayoutStem = "layout-";

template <class Kind, std::size_t N>
constexpr std::string_view text_of(const std::array<NamedKind<Kind>, N>& names, Kind kind) {
  const auto found = std::ranges::find(names, kind, &NamedKind<Kind>::first);
  return found == names.end() ? std::string_view() : found->second;
}

/// The kind whose name is the whole text.
template <class Kind, std::size_t N>
std::optional<Kind> kind_of(const std::array<NamedKind<Kind>, N>& names, std::string_view text) {
  const auto found = std::ranges::find(names, text, &NamedKind<Kind>::second);
  return found == names.end() ? std::nullopt : std::optional(found->first);
}

/// Takes the text off the front, or off the back, if it is there.
/// @{
bool take_front(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text.remove_prefix(front.size());
  return true;
}
template <class Kind, std::size_t N>
std::optional<Kind> take_front(std::string_view& text, const std::array<NamedKind<Kind>, N>& names) {
  for (const auto& [kind, name] : names) {
    if (take_front(text, name)) return kind;
  }
  return std::nullopt;
}
template <class Kind, std::size_t N>
std::optional<Kind> take_back(std::string_view& text, const std::array<NamedKind<Kind>, N>& names) {
  for (const auto& [kind, name] : names) {
    if (!text.ends_with(name)) continue;
    text.remove_suffix(name.size());
    return kind;
  }
  return std::nullopt;
}
/// @}

std::string with(std::string_view stem, IpFamily family) {
  return std::string(stem).append(text_of(kFamilyNames, family));
}

std::string set_of(SetKind kind, Direction direction, IpFamily family) {
  return with(to_string(direction).append(text_of(kDirectionSets, kind)), family);
}

bool is_predicate(std::string_view name) {
  return name == kAnyone || (name.starts_with(kHashed) && name.size() > kHashed.size());
}

/// Parses "p-<hash>-in-ports", the part before the family.
std::optional<SetRole> permissions_role(std::string_view text, IpFamily family) {
  const auto ports = take_back(text, kPortKindNames);
  if (!ports || !text.ends_with('-')) return std::nullopt;
  text.remove_suffix(1);
  const auto direction = take_back(text, kShortDirections);
  if (!direction || !is_predicate(text)) return std::nullopt;
  return SetRole{SetKind::permissions, *direction, family, *ports, std::string(text)};
}

/// Parses "-in-<hash>", the part after the family.
std::optional<ChainRole> class_role(std::string_view text, IpFamily family) {
  const auto direction = take_front(text, kShortDirections);
  if (!direction || !take_front(text, "-") || text.empty()) return std::nullopt;
  return ChainRole{ChainKind::peer_class, *direction, family, std::string(text)};
}

}  // namespace

std::string local_pods_set(IpFamily family) { return with("local-pods", family); }
std::string fastpath_pods_set(IpFamily family) { return with("fastpath-pods", family); }
std::string self_set(IpFamily family) { return with("self", family); }
std::string isolated_set(Direction direction, IpFamily family) { return set_of(SetKind::isolated, direction, family); }
std::string denied_set(Direction direction, IpFamily family) { return set_of(SetKind::denied, direction, family); }
std::string peer_map(Direction direction, IpFamily family) { return set_of(SetKind::peers, direction, family); }
std::string cidr_map(Direction direction, IpFamily family) { return set_of(SetKind::cidrs, direction, family); }
std::string predicate_set(const std::string& predicate, Direction direction, PortKind kind, IpFamily family) {
  std::string name = predicate;
  name.append(text_of(kShortDirections, direction)).append("-").append(text_of(kPortKindNames, kind));
  return name.append(text_of(kFamilyNames, family));
}

std::vector<std::string> isolated_sets() {
  std::vector<std::string> names;
  for (const Direction direction : policy::kDirections) {
    for (const IpFamily family : policy::kFamilies) {
      names.push_back(isolated_set(direction, family));
      names.push_back(denied_set(direction, family));
    }
  }
  return names;
}

std::string entry_chain(Direction direction, IpFamily family) { return with(to_string(direction), family); }
std::string class_chain(const policy::ClassChain& chain) {
  return chain_name({ChainKind::peer_class, chain.direction, chain.family, chain.name});
}
std::string deny_target(Direction direction) {
  return std::string(kDenied).append(text_of(kShortDirections, direction));
}

std::string set_name(const SetRole& role) {
  if (role.kind == SetKind::permissions) return predicate_set(role.predicate, role.direction, role.ports, role.family);
  if (const auto stem = text_of(kFamilySets, role.kind); !stem.empty()) return with(stem, role.family);
  if (!text_of(kDirectionSets, role.kind).empty()) return set_of(role.kind, role.direction, role.family);
  return std::string(text_of(kSingleSets, role.kind));
}

std::optional<SetRole> set_role(std::string_view name) {
  if (const auto single = kind_of(kSingleSets, name)) return SetRole{.kind = *single};
  const auto family = take_back(name, kFamilyNames);
  if (!family) return std::nullopt;
  if (const auto kind = kind_of(kFamilySets, name)) return SetRole{.kind = *kind, .family = *family};
  std::string_view rest = name;
  const auto direction = take_front(rest, kDirectionNames);
  const auto kind = kind_of(kDirectionSets, rest);
  if (!direction || !kind) return permissions_role(name, *family);
  return SetRole{.kind = *kind, .direction = *direction, .family = *family};
}

std::string chain_name(const ChainRole& role) {
  switch (role.kind) {
    case ChainKind::layout:
      return std::string(kLayoutStem) + role.detail;
    case ChainKind::denied:
      return deny_target(role.direction);
    case ChainKind::entry:
      return entry_chain(role.direction, role.family);
    case ChainKind::peer_class:
      return with(kClass, role.family)
          .append(text_of(kShortDirections, role.direction))
          .append("-")
          .append(role.detail);
    default:
      return std::string(text_of(kSingleChains, role.kind));
  }
}

std::optional<ChainRole> chain_role(std::string_view name) {
  if (const auto single = kind_of(kSingleChains, name)) return ChainRole{.kind = *single};
  std::string_view rest = name;
  if (take_front(rest, kLayoutStem)) return ChainRole{.kind = ChainKind::layout, .detail = std::string(rest)};
  if (take_front(rest, kDenied)) {
    const auto direction = kind_of(kShortDirections, rest);
    if (!direction) return std::nullopt;
    return ChainRole{.kind = ChainKind::denied, .direction = *direction};
  }
  if (take_front(rest, kClass)) {
    const auto family = take_front(rest, kFamilyNames);
    return family ? class_role(rest, *family) : std::nullopt;
  }
  const auto direction = take_front(rest, kDirectionNames);
  const auto family = kind_of(kFamilyNames, rest);
  if (!direction || !family) return std::nullopt;
  return ChainRole{.kind = ChainKind::entry, .direction = *direction, .family = *family};
}

bool is_set(std::string_view name, SetRole::Kind kind) {
  const auto role = set_role(name);
  return role && role->kind == kind;
}

bool is_chain(std::string_view name, ChainRole::Kind kind) {
  const auto role = chain_role(name);
  return role && role->kind == kind;
}

}  // namespace selvage::controller

#include "k8s_client/decode/type_name.h"

#include <algorithm>
#include <array>

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kCore = "v1";
constexpr std::string_view kNetworking = "networking.k8s.io/v1";

struct KnownKind {
  std::string_view name;
  std::string_view api_version;
  ObjectKind kind;
};
constexpr std::array kKnown = {
    KnownKind{"Namespace", kCore, ObjectKind::name_space},
    KnownKind{"Pod", kCore, ObjectKind::pod},
    KnownKind{"NetworkPolicy", kNetworking, ObjectKind::network_policy},
    KnownKind{"List", kCore, ObjectKind::list},
    KnownKind{"NamespaceList", kCore, ObjectKind::list},
    KnownKind{"PodList", kCore, ObjectKind::list},
    KnownKind{"NetworkPolicyList", kNetworking, ObjectKind::list},
};

bool same_but_capitals(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

/// Other groups have kinds of the same names (crd.projectcalico.org): those are not ours.
bool is_foreign(std::string_view api_version) {
  const auto slash = api_version.find('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view group = api_version.substr(0, slash);
  return group != "networking.k8s.io" && group != "extensions";
}

}  // namespace

TypedObject read_type(const Field& object, const TypeName& fallback) {
  const auto kind = object["kind"].text_or(fallback.kind);
  const auto api_version = object["apiVersion"].text_or(fallback.api_version);
  if (!kind || !api_version) return {ObjectKind::skipped, {}, true};
  if (kind->empty()) {
    object["kind"].complain("expected the kind of the object, such as NetworkPolicy");
    return {ObjectKind::skipped, {}, true};
  }
  TypedObject result{ObjectKind::skipped, {*api_version, *kind}, false};
  if (is_foreign(*api_version)) return result;
  const auto known = std::find_if(kKnown.begin(), kKnown.end(),
                                  [&](const KnownKind& one) { return same_but_capitals(one.name, *kind); });
  if (known == kKnown.end()) return result;
  result.kind = known->kind;
  result.bad = *kind != known->name || *api_version != known->api_version;
  if (*kind != known->name) object["kind"].complain("expected " + std::string(known->name) + ", in these capitals");
  if (*api_version != known->api_version) {
    object["apiVersion"].complain("expected " + std::string(known->api_version) + " for a " + std::string(known->name));
  }
  return result;
}

TypeName item_type(const TypeName& list) {
  constexpr std::string_view kSuffix = "List";
  TypeName item{list.api_version, list.kind.substr(0, list.kind.size() - kSuffix.size())};
  return item.kind.empty() ? TypeName{} : item;
}

}  // namespace selvage::k8s_client

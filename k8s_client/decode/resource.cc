#include "k8s_client/api/resource.h"

#include "policy/model/model.h"

namespace selvage::k8s_client {
namespace {

struct Names {
  std::string_view resource;
  std::string_view path;
  std::string_view kind;
  std::size_t kind_index;
  std::string_view selector_query;
};

/// In the order of `Resource`. The index of a kind is its place in policy::Object.
constexpr std::array<Names, kResources.size()> kNames = {{
    {"namespaces", "/api/v1/namespaces", "Namespace", 0, ""},
    {"pods", "/api/v1/pods", "Pod", 1, "fieldSelector=status.phase!%3DSucceeded%2Cstatus.phase!%3DFailed"},
    {"networkpolicies", "/apis/networking.k8s.io/v1/networkpolicies", "NetworkPolicy", 2, ""},
}};

const Names& names_of(Resource resource) { return kNames[static_cast<std::size_t>(resource)]; }

template <std::size_t Index>
using Kind = std::variant_alternative_t<Index, policy::Object>;
static_assert(std::is_same_v<Kind<0>, policy::Namespace> && std::is_same_v<Kind<1>, policy::Pod> &&
              std::is_same_v<Kind<2>, policy::NetworkPolicy>);

}  // namespace

std::string_view to_string(Resource resource) { return names_of(resource).resource; }
std::string_view path_of(Resource resource) { return names_of(resource).path; }
std::string_view kind_of(Resource resource) { return names_of(resource).kind; }
std::size_t kind_index(Resource resource) { return names_of(resource).kind_index; }
std::string_view selector_query(Resource resource) { return names_of(resource).selector_query; }

}  // namespace selvage::k8s_client

#include "k8s_client/api/resource.h"

namespace selvage::k8s_client {
namespace {

struct Names {
  std::string_view resource;
  std::string_view path;
  std::string_view kind;
  policy::Kind object_kind;
  std::string_view selector_query;
};

/// In the order of `Resource`.
constexpr std::array<Names, kResources.size()> kNames = {{
    {"namespaces", "/api/v1/namespaces", "Namespace", policy::Kind::name_space, ""},
    {"pods", "/api/v1/pods", "Pod", policy::Kind::pod,
     "fieldSelector=status.phase!%3DSucceeded%2Cstatus.phase!%3DFailed"},
    {"networkpolicies", "/apis/networking.k8s.io/v1/networkpolicies", "NetworkPolicy", policy::Kind::network_policy,
     ""},
}};

const Names& names_of(Resource resource) { return kNames[static_cast<std::size_t>(resource)]; }

}  // namespace

std::string_view to_string(Resource resource) { return names_of(resource).resource; }
std::string_view path_of(Resource resource) { return names_of(resource).path; }
std::string_view kind_of(Resource resource) { return names_of(resource).kind; }
policy::Kind object_kind(Resource resource) { return names_of(resource).object_kind; }
std::string_view selector_query(Resource resource) { return names_of(resource).selector_query; }

}  // namespace selvage::k8s_client

#include "policy/tiers/tiers.h"

#include <tuple>

namespace selvage::policy {
namespace {

/// The text that orders policies of equal order, as Calico compares them: "a-b/..." comes before "a/...".
std::string place_of(const Policy& policy) {
  return policy.origin.name + "/" + policy.origin.namespace_name + "/" + std::string(to_string(policy.origin.kind));
}

}  // namespace

std::vector<Tier> built_in_tiers() {
  return {{1'000, "kube-admin", Tier::End::pass},
          {1'000'000, kDefaultTier, Tier::End::deny},
          {10'000'000, "kube-baseline", Tier::End::pass}};
}

bool comes_before(const Policy& a, const Policy& b) {
  if (a.order != b.order) return a.order < b.order;
  return place_of(a) < place_of(b);
}

bool comes_before(const Tier& a, const Tier& b) { return std::tie(a.order, a.name) < std::tie(b.order, b.name); }

}  // namespace selvage::policy

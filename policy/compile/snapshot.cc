#include "policy/compile/snapshot.h"

namespace selvage::policy {

std::vector<const Policy*> Snapshot::selecting(PodId id) const {
  std::vector<const Policy*> found;
  for (const PolicyId policy : selections_.of(id)) found.push_back(&selections_.at(policy).policy);
  return found;
}

}  // namespace selvage::policy

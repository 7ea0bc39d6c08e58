#include "tests/support/fake_kernel.h"

#include <utility>

namespace selvage::nft {

Result<Ruleset> FakeKernel::read(std::span<const TableKey> tables) {
  Ruleset found;
  for (const TableKey& key : tables) {
    if (const auto table = ruleset_.find(key); table != ruleset_.end()) found.insert(*table);
  }
  return found;
}

void FakeKernel::end_owners() {
  for (auto& [key, table] : ruleset_) {
    if (table.ownership != Ownership::open) table.ownership = Ownership::orphaned;
  }
}

Result<void> FakeKernel::commit(const Plan& plan) {
  if (plan.empty()) return {};
  if (const auto fault = std::exchange(fault_, std::nullopt)) return fail_errno("commit", *fault);
  // Qualified: std::apply would take a std::map too.
  Result<Ruleset> next = nft::apply(plan, ruleset_);
  if (!next) return tl::unexpected<Error>(next.error());
  ruleset_ = std::move(*next);
  ++commits_;
  return {};
}

}  // namespace selvage::nft

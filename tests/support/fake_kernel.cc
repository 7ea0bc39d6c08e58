#include "tests/support/fake_kernel.h"

#include <utility>

#include "nft/plan/apply.h"

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

CommitResult FakeKernel::commit(const Plan& plan) {
  if (plan.empty()) return {};
  if (const auto fault = std::exchange(fault_, std::nullopt)) return fail_errno("commit", *fault);
  auto next = carry_out(plan, ruleset_);
  if (!next) return tl::unexpected(next.error());
  ruleset_ = std::move(*next);
  ++commits_;
  return {};
}

}  // namespace selvage::nft

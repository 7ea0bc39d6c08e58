#include "controller/dry_run_kernel.h"

#include <ostream>

#include "controller/table_layout.h"
#include "nft/text.h"

namespace selvage::controller {

Result<nft::Ruleset> DryRunKernel::read(std::span<const nft::TableKey> tables) {
  if (!loaded_ && inner_ != nullptr) {
    auto have = inner_->read(kOurTables);
    if (!have) return have;
    ruleset_ = std::move(*have);
    for (auto& [key, table] : ruleset_) {
      if (table.ownership == nft::Ownership::taken) table.ownership = nft::Ownership::owned;
    }
  }
  loaded_ = true;
  nft::Ruleset asked;
  for (const auto& key : tables) {
    if (const auto found = ruleset_.find(key); found != ruleset_.end()) asked.insert(*found);
  }
  return asked;
}

nft::CommitResult DryRunKernel::commit(const nft::Plan& plan) {
  auto after = nft::apply(plan, ruleset_);
  if (!after) return tl::unexpected(after.error());
  ruleset_ = std::move(*after);
  out_ << "# tables\n" << nft::to_text(ruleset_) << "# plan\n";
  out_ << (plan.empty() ? "# nothing to change\n" : nft::to_text(plan)) << std::flush;
  return {};
}

}  // namespace selvage::controller

#include "controller/sync/dry_run_kernel.h"

#include <ostream>
#include <string>

#include "controller/tables/table_layout.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"

namespace selvage::controller {

Result<nft::Ruleset> DryRunKernel::read(std::span<const nft::TableKey> tables) {
  if (!loaded_ && inner_ != nullptr) {
    auto have = inner_->read(kOurTables);
    if (!have) return have;
    ruleset_ = std::move(*have);
    for (auto& [key, table] : ruleset_) table.ownership = ownership_;
  }
  loaded_ = true;
  nft::Ruleset asked;
  for (const auto& key : tables) {
    if (const auto found = ruleset_.find(key); found != ruleset_.end()) asked.insert(*found);
  }
  return asked;
}

nft::CommitResult DryRunKernel::commit(const nft::Plan& given) {
  nft::Plan plan = given;
  // The fast path is no policy's: the running agent keeps it.
  if (const auto table = plan.tables.find(kInetTable); table != plan.tables.end()) {
    table->second.elements.erase(std::string(kFastpathState));
  }
  auto after = nft::apply(plan, ruleset_);
  if (!after) return tl::unexpected(after.error());
  ruleset_ = std::move(*after);
  out_ << "# tables\n" << nft::to_text(ruleset_) << "# plan\n";
  out_ << (plan.empty() ? "# nothing to change\n" : nft::to_text(plan)) << std::flush;
  return {};
}

}  // namespace selvage::controller

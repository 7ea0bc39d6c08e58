#include "controller/sync/staged_table.h"

#include <array>
#include <utility>

#include "controller/sync/commit_steps.h"
#include "controller/sync/table_owner.h"
#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

/// Number of differences of each kind that are named.
constexpr std::size_t kMaxNamed = 5;

PodNames names_of(const policy::Snapshot& snapshot) {
  return [&snapshot](policy::PodId id) { return snapshot.pod_name(id); };
}

RenderOptions staged(RenderOptions options) {
  options.mode = policy::Mode::staged;
  options.policy_counters = false;
  return options;
}

}  // namespace

StagedTable::StagedTable(nft::Kernel& kernel, std::string node, const RenderOptions& options)
    : kernel_(kernel), node_(std::move(node)), options_(staged(options)) {}

void StagedTable::apply(const policy::StageEvents& events, const policy::Stages& stages, const Known& known) {
  if (stages.staged() == 0) {
    if (compiler_ == nullptr) return;
    compiler_.reset();
    schedule_.invalidate();
  } else if (compiler_ == nullptr) {
    compiler_ = std::make_unique<policy::Compiler>(node_);
    known().visit([this](const policy::Object& object) { compiler_->apply(policy::upsert(object)); });
    for (const auto& event : stages.staged_policies()) compiler_->apply(event);
    schedule_.invalidate();
  } else {
    for (const auto& event : events.staged) compiler_->apply(event);
  }
  schedule_.changed();
}

nft::Ruleset StagedTable::wanted() {
  const policy::Snapshot* now = snapshot();
  return now == nullptr ? nft::Ruleset() : render(now->result(), names_of(*now), options_);
}

Result<nft::Plan> StagedTable::whole_plan() {
  selections_changed_ = true;
  if (compiler_ != nullptr) {
    (void)snapshot();
    (void)compiler_->take_changes();
    compiler_->start_tracking();
  }
  const auto have = kernel_.read(std::array{kStagedTable});
  if (!have) return fail("reading the staged table back", have.error());
  if (compiler_ != nullptr) return nft::diff(*have, wanted());
  nft::Plan plan;
  if (have->contains(kStagedTable)) plan.tables[kStagedTable].delete_table = true;
  return plan;
}

Result<nft::Plan> StagedTable::plan(TableSync::Scope scope) {
  if (scope == TableSync::Scope::whole || compiler_ == nullptr) return whole_plan();
  const policy::Snapshot& now = compiler_->update();
  const auto delta = compiler_->take_changes();
  if (compiler_->take_selections_changed()) selections_changed_ = true;
  return render_changes(delta, now.result(), names_of(now), options_);
}

Result<bool> StagedTable::sync(Moment now) {
  if (!schedule_.pending()) return false;
  bool changed = false;
  const auto done = schedule_.run(now, [&](TableSync::Scope scope) -> tl::expected<void, nft::CommitError> {
    auto changes = plan(scope);
    if (!changes) return tl::unexpected<nft::CommitError>(changes.error());
    changed = !changes->empty();
    if (!changed) return {};
    if (!kernel_.judges_packets()) return kernel_.commit(*changes);
    return commit_in_steps(std::move(*changes), [this](const nft::Plan& step) { return kernel_.commit(step); });
  });
  if (!done) return tl::unexpected(done.error());
  if (std::exchange(selections_changed_, false) && observer_) observer_(snapshot());
  return changed;
}

Result<void> StagedTable::release() {
  auto have = kernel_.read(std::array{kStagedTable});
  if (!have) return fail("reading the staged table back", have.error());
  return kernel_.commit(plan_to_open(std::move(*have)));
}

Result<nft::Differences> StagedTable::check() {
  const auto have = kernel_.read(std::array{kStagedTable});
  if (!have) return fail("reading the staged table back", have.error());
  return differences(*have);
}

nft::Differences StagedTable::differences(const nft::Ruleset& have) { return nft::compare(have, wanted(), kMaxNamed); }

const policy::Snapshot* StagedTable::snapshot() { return compiler_ == nullptr ? nullptr : &compiler_->update(); }

}  // namespace selvage::controller

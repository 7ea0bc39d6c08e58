#include "controller/sync/staged_table.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstStagedRetry = 100ms;
constexpr auto kMaxStagedRetryTime = 30s;
/// How many of each kind of difference are named.
constexpr std::size_t kMaxNamed = 5;
/// Where others touch the table all the time, it is put right so often at most.
constexpr Clock::duration kStagedQuarrel = 1s;

RenderOptions staged(RenderOptions options) {
  options.mode = policy::Mode::staged;
  options.policy_counters = false;
  return options;
}

}  // namespace

StagedTable::StagedTable(nft::Kernel& kernel, std::string node, const RenderOptions& options)
    : kernel_(kernel),
      node_(std::move(node)),
      options_(staged(options)),
      backoff_(kFirstStagedRetry, kMaxStagedRetryTime) {}

void StagedTable::apply(const policy::StageEvents& events, const policy::Stages& stages, const Known& known) {
  if (stages.staged() == 0) {
    if (compiler_ == nullptr) return;
    compiler_.reset();
    whole_ = true;
  } else if (compiler_ == nullptr) {
    compiler_ = std::make_unique<policy::Compiler>(node_);
    known().visit([this](const policy::Object& object) { compiler_->apply(policy::upsert(object)); });
    for (const auto& event : stages.staged_policies()) compiler_->apply(event);
    whole_ = true;
  } else {
    for (const auto& event : events.staged) compiler_->apply(event);
  }
  pending_ = true;
}

void StagedTable::distrust(Moment now) {
  if (whole_ && pending_) return;
  whole_ = true;
  pending_ = true;
  due_ = repaired_ && now - *repaired_ < kStagedQuarrel ? *repaired_ + kStagedQuarrel : now;
  repaired_ = due_;
}

namespace {

PodNames names_of(const policy::Snapshot& snapshot) {
  return [&snapshot](policy::PodId id) { return snapshot.pod_name(id); };
}

}  // namespace

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

Result<nft::Plan> StagedTable::plan() {
  if (whole_ || compiler_ == nullptr) return whole_plan();
  const policy::Snapshot& now = compiler_->update();
  const auto delta = compiler_->take_changes();
  if (compiler_->take_selections_changed()) selections_changed_ = true;
  return render_changes(delta, now.result(), names_of(now), options_);
}

Result<bool> StagedTable::sync(Moment now) {
  if (!pending_) return false;
  const auto changes = plan();
  Result<void> done;
  if (!changes) {
    done = tl::unexpected(changes.error());
  } else if (!changes->empty()) {
    const auto committed = kernel_.commit(*changes);
    if (!committed) done = tl::unexpected<Error>(committed.error());
  }
  whole_ = !done;
  pending_ = !done;
  due_ = done ? Moment() : now + backoff_.fail();
  if (!done) return tl::unexpected(done.error());
  backoff_.succeed();
  return !changes->empty();
}

Result<nft::Differences> StagedTable::check() {
  const auto have = kernel_.read(std::array{kStagedTable});
  if (!have) return fail("reading the staged table back", have.error());
  return differences(*have);
}

nft::Differences StagedTable::differences(const nft::Ruleset& have) { return nft::compare(have, wanted(), kMaxNamed); }

const policy::Snapshot* StagedTable::snapshot() { return compiler_ == nullptr ? nullptr : &compiler_->update(); }

}  // namespace selvage::controller

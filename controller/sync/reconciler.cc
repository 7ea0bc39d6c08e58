#include "controller/sync/reconciler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "controller/refusals/find_refused.h"
#include "controller/tables/commit_steps.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 100ms;
constexpr auto kMaxRetryTime = 30s;
/// While another program owns the tables: an agent that is about to end, as a rule.
constexpr auto kMaxRetryForOwnerTime = 1s;
/// Who touches the tables again so soon after they were put right quarrels with us.
constexpr auto kQuarrel = 1s;
constexpr auto kFirstDistance = 10ms;
constexpr auto kMaxDistanceTime = 1s;
/// How often one sync reads back and tries again: two rounds find one part that the kernel refuses.
constexpr int kMaxRounds = 16;
/// How many transactions one sync spends on parts that were refused before.
constexpr int kMaxTrials = 8;

bool isolates(const nft::Table& table) {
  const auto names = isolated_sets();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto set = table.sets.find(name);
    return set != table.sets.end() && !set->second.elements.empty();
  });
}

/// Whether the plan may be to blame, so that waiting alone does not help.
bool may_be_ours(const Error& error) { return !is_passing(error.code) && error.code != EPERM; }

/// Those of `parts` that a refusal is about.
OmittedParts touched(const OmittedParts& parts, const nft::CommitError& error) {
  OmittedParts found;
  for (const auto& part : parts) {
    const bool named = std::ranges::any_of(error.parts, [&](const nft::RefusedPart& refused) {
      return refused.part.name == part.name && (!part.element || part.element == refused.part.element);
    });
    if (named) found.insert(part);
  }
  return found;
}

/// What the handover table is refused, the table that it stands in for is.
nft::CommitError of_wanted_tables(nft::CommitError error) {
  for (auto& refused : error.parts) {
    if (refused.part.table == kHandoverTable) refused.part.table = kInetTable;
  }
  return error;
}

OmittedParts without(OmittedParts parts, const OmittedParts& others) {
  std::erase_if(parts, [&](const nft::PlanPart& part) { return others.contains(part); });
  return parts;
}

}  // namespace

Reconciler::Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options)
    : kernel_(kernel),
      compiler_(std::move(node)),
      options_(std::move(options)),
      cutter_(kernel, std::move(flows)),
      backoff_(kFirstRetry, kMaxRetryTime),
      quarrel_(kFirstDistance, kMaxDistanceTime) {}

void Reconciler::apply(const std::vector<policy::Event>& events) {
  for (const auto& event : events) compiler_.apply(event);
  pending_ = pending_ || !events.empty();
}

void Reconciler::distrust(Moment now) {
  distrusted_ = true;
  // The tables will be read back in any case: nothing is put off further.
  if (whole_ && pending_) return;
  whole_ = true;
  pending_ = true;
  const bool quarrel = repaired_ && now - *repaired_ < kQuarrel;
  if (!quarrel) quarrel_.succeed();
  retry_ = quarrel ? now + quarrel_.fail() : now;
}

void Reconciler::set_options(RenderOptions options) {
  if (options == options_) return;
  options_ = std::move(options);
  whole_ = true;
  pending_ = true;
}

void Reconciler::set_complete(bool complete) {
  cutter_.set_complete(complete);
  if (std::exchange(complete_, complete) == complete) return;
  whole_ = true;
  pending_ = true;
}

/// The tables as they should be; while objects may be missing, with all isolation that is there.
nft::Ruleset Reconciler::wanted(const nft::Ruleset& have) const {
  const auto table = have.find(kInetTable);
  if (complete_ || table == have.end()) return render(compiler_.result(), pod_names(), options_);
  RenderOptions options = options_;
  if (isolates(table->second) && options.unknown_pods == UnknownPods::automatic) {
    options.unknown_pods = UnknownPods::drop;
  }
  nft::Ruleset want = render(compiler_.result(), pod_names(), options);
  for (const auto& name : isolated_sets()) {
    const auto set = table->second.sets.find(name);
    if (set != table->second.sets.end())
      want.at(kInetTable).sets.at(name).elements.merge(nft::Set(set->second).elements);
  }
  return want;
}

/// The same without what the kernel refuses.
nft::Ruleset Reconciler::wanted_without(const nft::Ruleset& have, const OmittedParts& parts) const {
  if (parts.empty()) return wanted(have);
  return without_parts(wanted(have), parts);
}

PodNames Reconciler::pod_names() const {
  return [this](policy::PodId id) { return compiler_.pod_name(id); };
}

Result<SyncReport> Reconciler::sync(Moment now) {
  retry_.reset();
  const std::size_t refused_before = quarantine_.size();
  // What may be missing keeps what is isolated only where the tables are read.
  const bool whole = whole_ || !complete_;
  auto report = whole ? sync_whole(now) : sync_changes(now);
  // What was refused can be out of date: a reading tells.
  if (!report && !whole && may_be_ours(report.error())) report = sync_whole(now);
  pending_ = !report;
  whole_ = !report || !quarantine_.empty();
  if (report) {
    quarantine_.taken();
    backoff_.succeed();
    if (std::exchange(distrusted_, false)) repaired_ = now;
    report->refused = quarantine_.size();
    return std::move(*report);
  }
  if (quarantine_.size() > refused_before) backoff_.succeed();  // one step further
  const Clock::duration wait = backoff_.fail();
  retry_ = now + (report.error().code == EPERM ? std::min<Clock::duration>(wait, kMaxRetryForOwnerTime) : wait);
  return fail(report.error().message, report.error().code);
}

Result<SelfCheckReport> Reconciler::check(std::uint64_t seed) {
  compiler_.update();
  const auto have = read_back();
  if (!have) return tl::unexpected(have.error());
  const nft::Ruleset want = wanted_without(*have, quarantine_.parts());
  SelfCheckOptions options;
  options.seed = seed;
  options.tightens_more = !quarantine_.empty() || !complete_;
  return self_check(*have, want, compiler_, options);
}

Result<nft::Ruleset> Reconciler::read_back() {
  auto have = kernel_.read(std::array{kInetTable, kBridgeTable, kHandoverTable});
  if (!have) return fail("reading the tables back", have.error());
  cutter_.load(*have);
  return have;
}

Reconciler::Committed Reconciler::sync_whole(Moment now) {
  // What changed up to here is part of the whole.
  const auto superseded = compiler_.update_changes();
  if (!std::exchange(tracking_, true)) compiler_.start_tracking();
  for (int round = 1;; ++round) {
    const auto have = read_back();
    if (!have) return tl::unexpected<nft::CommitError>(have.error());
    if (round == 1 && !quarantine_.empty()) quarantine_.refresh(wanted(*have), *have, now);
    // Whole tables are large: they go into the plan, and who needs them after a refusal renders them anew.
    auto report = commit_in_steps(nft::diff(*have, wanted_without(*have, quarantine_.parts())), true, now);
    if (report) {
      if (auto tried = try_left_out(*have, now); !tried) return tl::unexpected<nft::CommitError>(tried.error());
      report->other_layout = other_layout(*have);
      return report;
    }
    const nft::Ruleset want = wanted(*have);
    const Blame blame = quarantine_.blame(report.error(), want, now);
    const bool stale = steps_done_ > 0 && may_be_ours(report.error());
    if ((blame == Blame::again || stale) && round < kMaxRounds) continue;
    if (blame == Blame::search) {
      if (auto found = search(*have, want, now)) return found;
    }
    if (may_be_ours(report.error())) isolate(*have, want, now);
    return report;
  }
}

/// Enforces all but what the kernel refuses, where it names nobody that could be left out.
Reconciler::Committed Reconciler::search(const nft::Ruleset& have, const nft::Ruleset& want, Moment now) {
  nft::Ruleset reached = have;
  SyncReport report;
  const auto try_without = [&](const OmittedParts& parts) -> Result<void> {
    OmittedParts left_out = quarantine_.parts();
    left_out.insert(parts.begin(), parts.end());
    nft::Ruleset reduced = without_parts(want, left_out);
    const auto done = commit(nft::diff(reached, reduced), true, now);
    if (!done) return fail(done.error().message, done.error().code);
    reached = std::move(reduced);
    report = *done;
    return {};
  };
  const auto parts = changed_parts(have, without_parts(want, quarantine_.parts()));
  const auto refused = find_refused(parts, try_without);
  if (!refused) return tl::unexpected<nft::CommitError>(refused.error());
  for (const auto& [part, code] : *refused) quarantine_.hold(part, code, want, now);
  return report;
}

/// What closes must not wait for what is refused.
void Reconciler::isolate(const nft::Ruleset& have, const nft::Ruleset& want, Moment now) {
  const auto done = commit(nft::diff(have, with_isolation_of(have, want)), false, now);
  if (!done) spdlog::debug("new isolation alone is refused too: {}", done.error().message);
}

/// Tries parts again whose time has come, in transactions of their own: those that are refused fall out. `was` is what
/// was there before all else was committed. Fails when it is not known what came of one.
Result<void> Reconciler::try_left_out(const nft::Ruleset& was, Moment now) {
  OmittedParts trial = quarantine_.due_parts(now);
  if (trial.empty()) return {};
  const nft::Ruleset have = wanted_without(was, quarantine_.parts());
  for (int round = 0; round < kMaxTrials && !trial.empty(); ++round) {
    nft::Ruleset more = wanted_without(was, without(quarantine_.parts(), trial));
    const auto done = commit(nft::diff(have, std::move(more)), false, now);
    if (done) {
      quarantine_.release(trial);
      return {};
    }
    if (done.error().code == ENOBUFS) return fail(done.error().message, ENOBUFS);
    OmittedParts refused = touched(trial, done.error());
    if (refused.empty()) break;
    quarantine_.put_off(refused, now);
    trial = without(std::move(trial), refused);
  }
  quarantine_.put_off(trial, now);
  return {};
}

Reconciler::Committed Reconciler::sync_changes(Moment now) {
  policy::NodePolicyDelta delta = compiler_.update_changes();
  auto report = commit_in_steps(render_changes(delta, compiler_.result(), pod_names(), options_), false, now);
  if (report) report->delta = std::move(delta);
  return report;
}

Result<ConnectionCutter::Report> Reconciler::judge_connections(Moment now) {
  cutter_.set_in_force(!pending() && may_use_fast_path(options_));
  auto report = cutter_.run(compiler_.result(), now);
  // What was committed of it is not known: nothing else is before the tables have been read.
  if (!report) {
    whole_ = true;
    pending_ = true;
  }
  return report;
}

Reconciler::Committed Reconciler::commit_in_steps(nft::Plan plan, bool from_nothing, Moment now) {
  const SyncReport report{from_nothing, nft::size_of(plan), !plan.empty()};
  cutter_.disable_fast_path(plan, distrusted_ || from_nothing);
  steps_done_ = 0;
  for (nft::Plan& step : commit_steps(std::move(plan))) {
    auto committed = commit(std::move(step), from_nothing, now);
    if (!committed) return tl::unexpected(of_wanted_tables(std::move(committed.error())));
    ++steps_done_;
  }
  return report;
}

Reconciler::Committed Reconciler::commit(nft::Plan plan, bool from_nothing, Moment now) {
  const SyncReport report{from_nothing, nft::size_of(plan), !plan.empty()};
  // What stands in tables that were read, somebody else may have put there.
  cutter_.disable_fast_path(plan, distrusted_ || from_nothing);
  const auto committed = kernel_.commit(plan);
  if (!committed) return tl::unexpected(committed.error());
  if (!plan.empty()) cutter_.committed(plan, now);
  // Whoever ran before may have been ended between its commit and its reading of the connections.
  if (from_nothing) cutter_.started(now);
  return report;
}

}  // namespace selvage::controller

#include "controller/sync/reconciler.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "controller/refusals/find_refused.h"
#include "controller/sync/commit_steps.h"
#include "controller/sync/table_owner.h"

namespace selvage::controller {
namespace {

/// How often one sync reads back and retries: two rounds find one refused part.
constexpr int kMaxRounds = 16;
/// Maximum number of transactions per sync for parts that were refused before.
constexpr int kMaxTrials = 8;
const std::array kReadTables = {kInetTable, kBridgeTable, kStandInTable};

bool isolates(const nft::Table& table) {
  const auto names = isolated_sets();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto set = table.sets.find(name);
    return set != table.sets.end() && !set->second.elements.empty();
  });
}

/// The parts that a refusal names.
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

OmittedParts without(OmittedParts parts, const OmittedParts& others) {
  std::erase_if(parts, [&](const nft::PlanPart& part) { return others.contains(part); });
  return parts;
}

}  // namespace

Reconciler::Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options)
    : kernel_(kernel), compiler_(std::move(node)), options_(std::move(options)), cutter_(std::move(flows)) {}

void Reconciler::apply(const std::vector<policy::Event>& events) {
  for (const auto& event : events) compiler_.apply(event);
  if (!events.empty()) schedule_.changed();
}

void Reconciler::set_options(RenderOptions options) {
  if (options == options_) return;
  options_ = std::move(options);
  schedule_.invalidate();
}

void Reconciler::set_complete(bool complete) {
  cutter_.set_complete(complete);
  if (std::exchange(complete_, complete) == complete) return;
  schedule_.invalidate();
}

/// The desired tables; while objects may be missing, with the existing isolation.
nft::Ruleset Reconciler::wanted(const nft::Ruleset& have) {
  const auto table = have.find(kInetTable);
  if (complete_ || table == have.end()) {
    return with_fast_path_of(render(snapshot().result(), pod_names(), options_), have);
  }
  RenderOptions options = options_;
  if (isolates(table->second) && options.unknown_pods == UnknownPods::automatic) {
    options.unknown_pods = UnknownPods::drop;
  }
  nft::Ruleset want = render(snapshot().result(), pod_names(), options);
  for (const auto& name : isolated_sets()) {
    const auto set = table->second.sets.find(name);
    if (set != table->second.sets.end())
      want.at(kInetTable).sets.at(name).elements.merge(nft::Set(set->second).elements);
  }
  return with_fast_path_of(std::move(want), have);
}

/// The same without these parts.
nft::Ruleset Reconciler::wanted_without(const nft::Ruleset& have, const OmittedParts& parts) {
  if (parts.empty()) return wanted(have);
  return without_parts(wanted(have), parts);
}

PodNames Reconciler::pod_names() {
  return [&now = snapshot()](policy::PodId id) { return now.pod_name(id); };
}

Result<SyncReport> Reconciler::sync(Moment now) {
  SyncReport report;
  const std::size_t refused_before = quarantine_.size();
  // Isolation of missing objects is kept, and parts are retried, only from a reading.
  schedule_.set_always_whole(!complete_ || !quarantine_.empty());
  const auto done = schedule_.run(now, [&](TableSync::Scope scope) -> tl::expected<void, nft::CommitError> {
    auto committed = scope == TableSync::Scope::whole ? sync_whole(now) : sync_changes(now);
    if (quarantine_.size() > refused_before) schedule_.progressed();
    if (!committed) return tl::unexpected(committed.error());
    report = std::move(*committed);
    return {};
  });
  schedule_.set_always_whole(!complete_ || !quarantine_.empty());
  if (!done) return tl::unexpected(done.error());
  quarantine_.taken();
  report.refused = quarantine_.size();
  return report;
}

Result<SelfCheckReport> Reconciler::check(std::uint64_t seed) {
  const auto have = read_back();
  if (!have) return tl::unexpected(have.error());
  const nft::Ruleset want = wanted_without(*have, quarantine_.parts());
  SelfCheckOptions options;
  options.seed = seed;
  options.tightens_more = !quarantine_.empty() || !complete_;
  return self_check(*have, want, snapshot(), options);
}

Result<nft::Ruleset> Reconciler::read_back() {
  auto have = kernel_.read(kReadTables);
  if (!have) return fail("reading the tables back", have.error());
  cutter_.load(*have);
  return have;
}

Reconciler::Committed Reconciler::sync_whole(Moment now) {
  // Changes up to here are part of the whole.
  (void)snapshot();
  const auto superseded = compiler_.take_changes();
  if (!std::exchange(tracking_, true)) compiler_.start_tracking();
  for (int round = 1;; ++round) {
    auto have = read_back();
    if (!have) return tl::unexpected<nft::CommitError>(have.error());
    if (round == 1 && !quarantine_.empty()) quarantine_.refresh(wanted(*have), *have, now);
    // Whole tables are large: they are moved into the plan, and rendered again if needed after a refusal.
    nft::Plan plan = nft::diff(*have, wanted_without(*have, quarantine_.parts()));
    auto report = commit(std::move(plan), tables_there(*have), now);
    if (report) {
      if (auto tried = try_left_out(*have, now); !tried) return tl::unexpected<nft::CommitError>(tried.error());
      report->other_layout = other_layout(*have);
      notify_observers(nullptr);
      return report;
    }
    const nft::CommitError refusal = report.error();
    // Steps before the refused one have been committed.
    if (have = read_back(); !have) return tl::unexpected<nft::CommitError>(have.error());
    const nft::Ruleset want = wanted(*have);
    const Blame blame = quarantine_.blame(refusal, want, now);
    if (blame == Blame::again && round < kMaxRounds) continue;
    if (blame == Blame::search) {
      if (auto found = search(*have, want, now)) {
        notify_observers(nullptr);
        return found;
      }
    }
    if (plan_may_be_refused(refusal)) isolate(*have, want, now);
    return report;
  }
}

/// Enforces all but the parts that the kernel refuses, if it names none that could be omitted.
Reconciler::Committed Reconciler::search(const nft::Ruleset& have, const nft::Ruleset& want, Moment now) {
  nft::Ruleset reached = have;
  SyncReport report;
  const auto try_without = [&](const OmittedParts& parts) -> Result<void> {
    OmittedParts left_out = quarantine_.parts();
    left_out.insert(parts.begin(), parts.end());
    nft::Ruleset reduced = without_parts(want, left_out);
    const auto done = commit_at_once(nft::diff(reached, reduced), true, now);
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

/// New isolation must not wait for refused parts.
void Reconciler::isolate(const nft::Ruleset& have, const nft::Ruleset& want, Moment now) {
  const auto done = commit_at_once(nft::diff(have, with_isolation_of(have, want)), false, now);
  if (!done) spdlog::debug("new isolation alone is refused too: {}", done.error().message);
}

/// Retries parts that are due, in separate transactions: refused ones are put off. `was`: the tables before this sync.
/// Fails if the outcome of a transaction is unknown.
Result<void> Reconciler::try_left_out(const nft::Ruleset& was, Moment now) {
  OmittedParts trial = quarantine_.due_parts(now);
  if (trial.empty()) return {};
  const nft::Ruleset have = wanted_without(was, quarantine_.parts());
  for (int round = 0; round < kMaxTrials && !trial.empty(); ++round) {
    nft::Ruleset more = wanted_without(was, without(quarantine_.parts(), trial));
    const auto done = commit_at_once(nft::diff(have, std::move(more)), false, now);
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
  const policy::NodePolicy& result = snapshot().result();
  const policy::NodePolicyDelta delta = compiler_.take_changes();
  auto report = commit(render_changes(delta, result, pod_names(), options_), std::nullopt, now);
  if (report) notify_observers(&delta);
  return report;
}

void Reconciler::notify_observers(const policy::NodePolicyDelta* delta) {
  for (const auto& observer : observers_) observer(delta);
}

Result<ConnectionCutter::Report> Reconciler::judge_connections(Moment now) {
  cutter_.set_in_force(!pending() && may_use_fast_path(options_));
  const auto judgement = cutter_.judge(snapshot().result(), now);
  if (!judgement) return tl::unexpected(judgement.error());
  if (judgement->plan().empty()) return cutter_.carried_out(*judgement);
  const auto committed = transact(judgement->plan());
  if (committed) return cutter_.carried_out(*judgement);
  // The outcome is unknown, or an element has expired: the next sync reads the tables.
  cutter_.failed(now);
  schedule_.invalidate();
  return fail("the sets cut and fastpath-state", committed.error());
}

Result<void> Reconciler::release() {
  auto have = kernel_.read(kReadTables);
  if (!have) return fail("reading the tables back", have.error());
  const TablesThere there = tables_there(*have);
  if (!there.hooked) return {};  // a stand-in may be all that enforces
  return commit_whole(plan_to_open(std::move(*have)), there, [this](const nft::Plan& step) { return transact(step); });
}

/// Disables the fast path if the plan may deny something.
SyncReport Reconciler::prepare(nft::Plan& plan, bool from_nothing) const {
  // The contents of tables that were read may come from another program.
  cutter_.disable_fast_path(plan, schedule_.distrusted() || from_nothing);
  return {from_nothing, nft::size_of(plan), !plan.empty()};
}

/// In steps, if need be. `there`: what a plan from a reading meets.
Reconciler::Committed Reconciler::commit(nft::Plan plan, const std::optional<TablesThere>& there, Moment now) {
  const SyncReport report = prepare(plan, there.has_value());
  const auto transaction = [&](const nft::Plan& step) {
    auto committed = transact(step);
    if (committed && !step.empty()) cutter_.committed(step, now);
    return committed;
  };
  const auto committed = [&] {
    if (!kernel_.judges_packets()) return transaction(plan);
    if (there) return commit_whole(std::move(plan), *there, transaction);
    return commit_in_steps(std::move(plan), transaction);
  }();
  if (!committed) return tl::unexpected(committed.error());
  // The program that ran before may have ended between its commit and its reading of the connections.
  if (there) cutter_.started(now);
  return report;
}

/// In one transaction, so that after an error the tables are as before; where the kernel refuses parts of a plan.
Reconciler::Committed Reconciler::commit_at_once(nft::Plan plan, bool from_nothing, Moment now) {
  const SyncReport report = prepare(plan, from_nothing);
  const auto committed = transact(plan);
  if (!committed) return tl::unexpected(committed.error());
  if (!plan.empty()) cutter_.committed(plan, now);
  if (from_nothing) cutter_.started(now);
  return report;
}

/// The only place that commits to the enforced tables.
nft::CommitResult Reconciler::transact(const nft::Plan& plan) { return kernel_.commit(plan); }

}  // namespace selvage::controller

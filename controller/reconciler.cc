#include "controller/reconciler.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 100ms;
constexpr auto kLongestRetry = 30s;
/// While another program owns the tables: an agent that is about to end, as a rule.
constexpr auto kLongestRetryForOwner = 1s;
/// Who touches the tables again so soon after they were put right quarrels with us.
constexpr auto kQuarrel = 1s;
constexpr auto kFirstDistance = 10ms;
constexpr auto kLongestDistance = 1s;

bool isolates(const nft::Table& table) {
  const auto names = isolated_sets();
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    const auto set = table.sets.find(name);
    return set != table.sets.end() && !set->second.elements.empty();
  });
}

}  // namespace

Reconciler::Reconciler(nft::Kernel& kernel, FlowReader flows, std::string node, RenderOptions options)
    : kernel_(kernel),
      compiler_(std::move(node)),
      options_(std::move(options)),
      cutter_(kernel, std::move(flows)),
      backoff_(kFirstRetry, kLongestRetry),
      quarrel_(kFirstDistance, kLongestDistance) {}

void Reconciler::apply(const std::vector<policy::Event>& events) {
  for (const auto& event : events) compiler_.apply(event);
  pending_ = pending_ || !events.empty();
}

void Reconciler::distrust(Moment now) {
  // The tables will be read back in any case: nothing is put off further.
  if (whole_ && pending_) return;
  whole_ = true;
  pending_ = true;
  distrusted_ = true;
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

PodNames Reconciler::pod_names() const {
  return [this](policy::PodId id) { return compiler_.pod_name(id); };
}

Result<SyncReport> Reconciler::sync(Moment now) {
  retry_.reset();
  auto report = whole_ ? sync_whole(now) : sync_changes(now);
  if (report) {
    backoff_.succeed();
    if (std::exchange(distrusted_, false)) repaired_ = now;
    whole_ = false;
    pending_ = false;
  } else {
    whole_ = true;
    pending_ = true;
    const Clock::duration wait = backoff_.fail();
    retry_ = now + (report.error().code == EPERM ? std::min<Clock::duration>(wait, kLongestRetryForOwner) : wait);
  }
  return report;
}

Result<SyncReport> Reconciler::sync_whole(Moment now) {
  const auto have = kernel_.read(std::array{kInetTable, kBridgeTable});
  if (!have) return fail("reading the tables back", have.error());
  cutter_.adopt(*have);
  // What changed up to here is part of the whole.
  const auto superseded = compiler_.update_changes();
  if (!std::exchange(tracking_, true)) compiler_.start_tracking();
  return commit(nft::diff(*have, wanted(*have)), true, now);
}

Result<SyncReport> Reconciler::sync_changes(Moment now) {
  const policy::NodePolicyDelta delta = compiler_.update_changes();
  return commit(render_changes(delta, compiler_.result(), pod_names(), options_), false, now);
}

Result<SyncReport> Reconciler::commit(const nft::Plan& plan, bool from_nothing, Moment now) {
  const auto committed = kernel_.commit(plan);
  if (!committed) return tl::unexpected(committed.error());
  if (!plan.empty()) cutter_.committed(plan, now);
  // Whoever ran before may have been ended between its commit and its reading of the connections.
  if (from_nothing) cutter_.started(now);
  return SyncReport{from_nothing, nft::size_of(plan), !plan.empty()};
}

}  // namespace selvage::controller

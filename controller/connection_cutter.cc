#include "controller/connection_cutter.h"

#include <algorithm>
#include <set>

#include "controller/table_layout.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

/// A packet that an older rule set let through may enter the connection table just after it was
/// read: a second look finds it.
constexpr auto kSecondLook = 1s;
/// Entries live for an hour in the set; those of flows that go on are written again well before.
constexpr auto kRefreshAge = 20min;
constexpr auto kRetry = 1s;
/// A reading may miss a flow while the connection table changes; twice in a row means that it is gone.
constexpr unsigned kUnseenIsGone = 2;
/// Rest between two readings, in multiples of how long the last one took.
constexpr int kRestFactor = 9;

/// Whether the plan can turn an allowed flow into a denied one.
bool may_deny(const nft::Plan& plan) {
  const auto isolated = isolated_sets();
  const auto denies = [&](const auto& entry) {
    const nft::TablePlan& table = entry.second;
    if (table.create_table || !table.remove_sets.empty() || !table.replace_rules.empty()) return true;
    return std::any_of(table.elements.begin(), table.elements.end(), [&](const auto& change) {
      const bool isolates =
          std::find(isolated.begin(), isolated.end(), change.first) != isolated.end() && !change.second.add.empty();
      const bool moves = change.second.spec.verdict_map && change.second.spec.interval;
      return isolates || moves || !change.second.remove.empty();
    });
  };
  return std::any_of(plan.tables.begin(), plan.tables.end(), denies);
}

}  // namespace

void ConnectionCutter::adopt(const nft::Ruleset& have) {
  cut_.clear();
  const auto table = have.find(kInetTable);
  if (table == have.end()) return;
  const auto set = table->second.sets.find(std::string(kCut));
  if (set == table->second.sets.end()) return;
  for (const auto& [key, data] : set->second.elements) cut_[key.first] = {};  // age unknown: refreshed at once
}

void ConnectionCutter::schedule(Moment when) {
  const Moment paced = std::max(when, earliest_);
  due_ = due_ ? std::min(*due_, paced) : paced;
}

void ConnectionCutter::committed(const nft::Plan& plan, Moment now) {
  if (may_deny(plan) || !cut_.empty()) started(now);
}

void ConnectionCutter::started(Moment now) {
  settling_ = false;
  schedule(now);
}

Result<ConnectionCutter::Report> ConnectionCutter::run(const policy::NodePolicy& policy, Moment now) {
  due_.reset();
  const Moment begin = Clock::now();
  auto report = sweep(policy, now);
  const auto took = Clock::now() - begin;
  earliest_ = now + took + took * kRestFactor;
  if (!report) {
    schedule(now + kRetry);
  } else if (!std::exchange(settling_, true)) {
    schedule(now + kSecondLook);
  } else if (!cut_.empty()) {
    schedule(now + kRefreshAge);
  }
  return report;
}

Result<ConnectionCutter::Report> ConnectionCutter::sweep(const policy::NodePolicy& policy, Moment now) {
  Report report;
  std::set<std::string> denied;
  std::set<std::string> allowed;  // of those in the set
  const auto read = flows_([&](const nft::Flow& flow) {
    ++report.flows;
    if (!policy::allows(policy, {flow.source, flow.destination, flow.protocol, flow.destination_port})) {
      denied.insert(flow.id);
    } else if (cut_.count(flow.id) > 0) {
      allowed.insert(flow.id);
    }
  });
  if (!read) return fail("connection table", read.error());

  nft::SetChange change;
  for (auto& [id, entry] : cut_) {
    const bool still_denied = denied.count(id) > 0;
    const bool seen = still_denied || allowed.count(id) > 0;
    entry.times_unseen = seen ? 0 : entry.times_unseen + 1;
    const bool over = (complete_ && allowed.count(id) > 0) || entry.times_unseen >= kUnseenIsGone;
    const bool refresh = (still_denied || (!complete_ && seen)) && now - entry.since >= kRefreshAge;
    if (over || refresh) change.remove.insert({id, {}});
    if (refresh) change.add[{id, {}}] = {};
    if (over) ++report.removed;
  }
  for (const auto& id : denied) {
    if (cut_.count(id) > 0) continue;
    change.add[{id, {}}] = {};
    ++report.added;
  }
  if (const auto committed = commit(change); !committed) return tl::unexpected(committed.error());
  for (const auto& key : change.remove) cut_.erase(key.first);
  for (const auto& entry : change.add) cut_[entry.first.first] = {now, 0};
  report.cut = cut_.size();
  return report;
}

Result<void> ConnectionCutter::commit(const nft::SetChange& change) {
  if (change.add.empty() && change.remove.empty()) return {};
  nft::Plan plan;
  auto& written = plan.tables[kInetTable].elements[std::string(kCut)];
  written = change;
  written.spec.key = {nft::FieldType::ct_id};
  const auto committed = kernel_.commit(plan);
  if (committed) return {};
  // An entry may have expired by itself: look what is really there before the next try.
  if (const auto have = kernel_.read(std::vector{kInetTable})) adopt(*have);
  return fail("set cut", committed.error());
}

}  // namespace selvage::controller

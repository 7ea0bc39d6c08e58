#include "controller/connections/connection_cutter.h"

#include <algorithm>
#include <cstring>

#include "controller/tables/table_layout.h"
#include "controller/tables/tightens.h"
#include "nft/model/fields.h"

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
constexpr Clock::duration kMaxRestTime = 5s;  // replies of a connection that is to be cut pass as long

/// While a pod is not on the fast path since one of its connections is cut, and lingers.
constexpr auto kLingering = 1min;

/// As the tables do: a pod reaches itself through a Service, whatever policy says; who comes without one under its own
/// address is somebody else.
bool is_denied(const host::Flow& flow, const policy::NodePolicy& policy) {
  if (flow.source == flow.destination && !flow.translated) {
    const policy::LocalAddress* pod = policy.local.find(flow.source);
    return pod != nullptr && (pod->isolated_ingress || pod->isolated_egress);
  }
  return !policy::allows(policy, {flow.source, flow.destination, flow.protocol, flow.destination_port});
}

}  // namespace

ConnectionCutter::Id ConnectionCutter::id_of(const std::string& bytes) {
  Id id = 0;
  std::memcpy(&id, bytes.data(), std::min(bytes.size(), sizeof id));
  return id;
}

nft::ElementKey ConnectionCutter::key_of(Id id) { return {nft::host_order(id), {}}; }

void ConnectionCutter::load(const nft::Ruleset& have) {
  cut_.clear();
  ends_.clear();
  fast_path_.load(have);
  const auto table = have.find(kInetTable);
  if (table == have.end()) return;
  const auto set = table->second.sets.find(std::string(kCut));
  if (set == table->second.sets.end()) return;
  for (const auto& [key, data] : set->second.elements) cut_[id_of(key.first)] = {};  // age unknown: refreshed at once
}

void ConnectionCutter::disable_fast_path(nft::Plan& plan, bool anyway) const {
  if (anyway || tightens(plan)) fast_path_.disable_fast_path(plan);
}

void ConnectionCutter::schedule(Moment when) {
  const Moment paced = std::max(when, earliest_);
  due_ = due_ ? std::min(*due_, paced) : paced;
}

void ConnectionCutter::committed(const nft::Plan& plan, Moment now) {
  fast_path_.committed(plan);
  if (tightens(plan) || !cut_.empty()) started(now);
}

void ConnectionCutter::started(Moment now) {
  awaits_second_look_ = false;
  schedule(now);
}

std::optional<Moment> ConnectionCutter::next_look(Moment now) const {
  if (now - first_look_ < kSecondLook) return first_look_ + kSecondLook;
  if (cut_.empty() && fast_path_.empty()) return std::nullopt;
  return now + (in_force_ && !all_on_fast_path_ ? kLingering : kRefreshAge);
}

Result<ConnectionCutter::Report> ConnectionCutter::run(const policy::NodePolicy& policy, Moment now) {
  due_.reset();
  const Moment begin = Clock::now();
  const bool second = awaits_second_look_ && now - first_look_ >= kSecondLook;
  auto report = sweep(policy, second && in_force_ && complete_, now);
  const auto took = Clock::now() - begin;
  earliest_ = now + took + std::min(took * kRestFactor, kMaxRestTime);
  if (!report) {
    schedule(now + kRetry);
    return report;
  }
  if (!std::exchange(awaits_second_look_, true)) first_look_ = now;
  if (const auto next = next_look(now)) schedule(*next);
  return report;
}

Result<ConnectionCutter::Reading> ConnectionCutter::read(const policy::NodePolicy& policy) const {
  Reading reading;
  const auto done = flows_([&](const host::Flow& flow) {
    ++reading.flows;
    if (is_denied(flow, policy)) {
      reading.denied.emplace(id_of(flow.id), &*reading.ends.insert({flow.source, flow.destination}).first);
    } else if (cut_.contains(id_of(flow.id))) {
      reading.allowed.insert(id_of(flow.id));
    }
  });
  if (!done) return fail("connection table", done.error());
  return reading;
}

nft::SetChange ConnectionCutter::changes(const Reading& reading, Report& report, Moment now) {
  nft::SetChange change;
  change.spec.key = {nft::FieldType::ct_id};
  for (auto& [id, entry] : cut_) {
    const auto denied = reading.denied.find(id);
    const bool still_denied = denied != reading.denied.end();
    const bool allowed = reading.allowed.contains(id);
    const bool seen = still_denied || allowed;
    entry.times_unseen = seen ? 0 : entry.times_unseen + 1;
    const bool over = (complete_ && allowed && !still_denied) || entry.times_unseen >= kUnseenIsGone;
    const bool refresh = (still_denied || (!complete_ && seen)) && now - entry.since >= kRefreshAge;
    if (over || refresh) change.del.insert(key_of(id));
    if (refresh) change.add[key_of(id)] = {};
    if (over) ++report.removed;
  }
  for (const auto& [id, ends] : reading.denied) {
    if (cut_.contains(id)) continue;
    change.add[key_of(id)] = {};
    ++report.added;
  }
  return change;
}

/// Both ends of a connection that is denied are left out: with one of them in, packets that claim to come from the
/// other might pass by another way. What stays in the set is denied, seen or not; where its ends are not known, it may
/// be anybody's.
FastPathFindings ConnectionCutter::findings(const policy::NodePolicy& policy, const Reading& reading,
                                            const nft::SetChange& change) const {
  FastPathFindings found;
  found.sure = true;
  for (const auto& [address, local] : policy.local.values()) found.pods.insert(address);
  const auto leave_out = [&](const Ends& ends) {
    for (const IpAddress& end : ends) found.pods.erase(end);
  };
  for (const Ends& ends : reading.ends) leave_out(ends);
  for (const auto& [id, entry] : cut_) {
    const nft::ElementKey key = key_of(id);
    const bool stays = !change.del.contains(key) || change.add.contains(key);
    if (!stays || reading.denied.contains(id)) continue;
    if (entry.ends != nullptr) leave_out(*entry.ends);
    if (entry.ends == nullptr) found.sure = false;
  }
  return found;
}

Result<ConnectionCutter::Report> ConnectionCutter::sweep(const policy::NodePolicy& policy, bool sure, Moment now) {
  const auto reading = read(policy);
  if (!reading) return tl::unexpected(reading.error());
  Report report;
  report.flows = reading->flows;
  const nft::SetChange change = changes(*reading, report, now);
  FastPathFindings found = findings(policy, *reading, change);
  found.sure &= sure;
  nft::Plan plan;
  nft::TablePlan& table = plan.tables[kInetTable];
  fast_path_.write(found, table);
  if (!change.add.empty() || !change.del.empty()) table.elements[std::string(kCut)] = change;
  if (const auto committed = commit(plan); !committed) return tl::unexpected(committed.error());
  fast_path_.committed(plan);
  all_on_fast_path_ = found.sure && found.pods.size() == policy.local.values().size();
  remember(*reading, change, now);
  report.cut = cut_.size();
  return report;
}

void ConnectionCutter::remember(const Reading& reading, const nft::SetChange& change, Moment now) {
  for (const auto& key : change.del) {
    if (!change.add.contains(key)) cut_.erase(id_of(key.first));
  }
  for (const auto& entry : change.add) cut_[id_of(entry.first.first)].since = now;
  std::set<Ends> kept = reading.ends;
  for (auto& [id, entry] : cut_) {
    const auto denied = reading.denied.find(id);
    const Ends* ends = denied != reading.denied.end() ? denied->second : entry.ends;
    if (ends != nullptr) entry.ends = &*kept.insert(*ends).first;
  }
  ends_ = std::move(kept);
}

Result<void> ConnectionCutter::commit(const nft::Plan& plan) {
  if (plan.tables.at(kInetTable).empty()) return {};
  const auto committed = kernel_.commit(plan);
  if (committed) return {};
  // An entry may have expired by itself: look what is really there before the next try.
  if (const auto have = kernel_.read(std::vector{kInetTable})) load(*have);
  return fail("the sets cut and fastpath-state", committed.error());
}

}  // namespace selvage::controller

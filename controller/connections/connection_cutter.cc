#include "controller/connections/connection_cutter.h"

#include <algorithm>
#include <cstring>

#include "controller/tables/table_layout.h"
#include "controller/tables/tightens.h"
#include "nft/model/fields.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

/// A packet that the previous rules let through may enter the connection table just after it was
/// read: a second reading finds it.
constexpr auto kSecondLook = 1s;
/// Elements of the set expire after an hour; those of lasting connections are rewritten well before.
constexpr auto kRefreshAge = 20min;
constexpr auto kRetry = 1s;
/// A reading may miss a connection while the table changes; one that is missed twice in a row is gone.
constexpr unsigned kUnseenIsGone = 2;
/// Rest between two readings, in multiples of the duration of the last one.
constexpr int kRestFactor = 9;
constexpr Clock::duration kMaxRestTime = 5s;  // meanwhile replies of connections to be cut pass

/// Time between readings while a cut connection keeps its pods off the fast path.
constexpr auto kLingering = 1min;

/// As the tables judge: a pod may reach itself through a Service, whatever policy says; without address translation, a
/// packet from and to one address is forged.
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

/// Both ends of a denied connection are left out: otherwise, packets that claim to come from the other end might pass
/// by another path. Elements that stay in the set count as denied, seen or not; if their ends are unknown, they may
/// belong to any pod.
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

Result<ConnectionCutter::Judgement> ConnectionCutter::judge(const policy::NodePolicy& policy, Moment now) {
  due_.reset();
  begun_ = Clock::now();
  Judgement judgement;
  judgement.now_ = now;
  auto reading = read(policy);
  if (!reading) {
    failed(now);
    return tl::unexpected(reading.error());
  }
  judgement.report_.flows = reading->flows;
  judgement.change_ = changes(*reading, judgement.report_, now);
  FastPathFindings found = findings(policy, *reading, judgement.change_);
  const bool second = awaits_second_look_ && now - first_look_ >= kSecondLook;
  found.sure = found.sure && second && in_force_ && complete_;
  judgement.all_on_fast_path_ = found.sure && found.pods.size() == policy.local.values().size();
  nft::TablePlan table;
  fast_path_.write(found, table);
  const nft::SetChange& change = judgement.change_;
  if (!change.add.empty() || !change.del.empty()) table.elements[std::string(kCut)] = change;
  if (!table.empty()) judgement.plan_.tables[kInetTable] = std::move(table);
  judgement.reading_ = std::move(*reading);
  return judgement;
}

ConnectionCutter::Report ConnectionCutter::carried_out(const Judgement& judgement) {
  const Moment now = judgement.now_;
  fast_path_.committed(judgement.plan_);
  all_on_fast_path_ = judgement.all_on_fast_path_;
  remember(judgement.reading_, judgement.change_, now);
  rest(now);
  if (!std::exchange(awaits_second_look_, true)) first_look_ = now;
  if (const auto next = next_look(now)) schedule(*next);
  Report report = judgement.report_;
  report.cut = cut_.size();
  return report;
}

void ConnectionCutter::failed(Moment now) {
  rest(now);
  schedule(now + kRetry);
}

/// Sets the earliest time of the next reading.
void ConnectionCutter::rest(Moment now) {
  const auto took = Clock::now() - begun_;
  earliest_ = now + took + std::min(took * kRestFactor, kMaxRestTime);
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

}  // namespace selvage::controller

#include "controller/agent/enforcer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <string_view>
#include <utility>

#include "base/deadline.h"
#include "controller/agent/heap.h"
#include "controller/counters/policy_sizes.h"
#include "controller/node/pod_bridges.h"
#include "controller/sync/table_owner.h"
#include "host/conntrack.h"
#include "host/host_addresses.h"
#include "nft/kernel/probe.h"

namespace selvage::controller {
namespace {

/// Reads the connections that pass the forward hook: not those of the host itself.
Result<void> read_forwarded_flows(const std::function<void(const host::Flow&)>& visit) {
  const auto own = host::host_addresses();
  if (!own) return tl::unexpected(own.error());
  return host::for_each_flow([&](const host::Flow& flow) {
    if (own->count(flow.source) == 0 && own->count(flow.destination) == 0) visit(flow);
  });
}

/// A reading that finds so many connections to cut takes far more memory than what is kept of it.
constexpr std::size_t kManyConnections = 1000;

/// Sizes change with each commit, and are looked at every few seconds.
constexpr std::chrono::seconds kSizesDelay{1};

}  // namespace

Result<RenderOptions> render_options(const AgentOptions& options) {
  RenderOptions render;
  render.unknown_pods = options.unknown_pods;
  render.log_group = options.log_denied_group;
  render.policy_counters = options.policy_counters;
  render.pod_bridges = options.pod_bridges;
  std::sort(render.pod_bridges.begin(), render.pod_bridges.end());
  if (render.pod_bridges.empty()) render.pod_bridges = {kFlannelBridge};
  const auto by_name = nft::supports_bridge_ibrname();
  if (!by_name) return fail("probing the bridge family", by_name.error());
  render.bridge_match = *by_name ? BridgeMatch::bridge_name : BridgeMatch::port_kind;
  if (!*by_name) spdlog::debug("the kernel has no meta ibrname: frames of all veth bridge ports count as pods'");
  const auto ownership = wanted_ownership(options.table_owner);
  if (!ownership) return tl::unexpected(ownership.error());
  render.ownership = *ownership;
  return render;
}

Enforcer::Enforcer(const AgentOptions& options, nft::Kernel& kernel, nft::WatchedKernel* watched, RenderOptions render,
                   const Monitoring& monitoring, PacketCounters* counters)
    : bridges_are_given_(!options.pod_bridges.empty()),
      watched_(watched),
      reconciler_(kernel, read_forwarded_flows, options.node, std::move(render)),
      stages_(options.staged ? policy::Mode::staged : policy::Mode::enforced),
      staged_(kernel, options.node, reconciler_.options()),
      bridges_(watched != nullptr),
      monitoring_(monitoring),
      reporter_(monitoring, watched != nullptr),
      counters_(counters),
      check_interval_(options.self_check_interval) {}

void Enforcer::take(const Mailbox::Contents& mail) {
  reconciler_.set_complete(mail.complete);
  const policy::StageEvents events = stages_.take(mail.events);
  reconciler_.apply(events.enforced);
  staged_.apply(events, stages_, [this]() -> const policy::Inventory& { return snapshot().inventory(); });
  reporter_.received(mail);
  if (mail.synced && !std::exchange(synced_, true)) {
    spdlog::info("first full list: {} pods, {} policies ({} staged), {} namespaces", reconciler_.snapshot().pod_count(),
                 reconciler_.snapshot().policy_count() + stages_.staged(), stages_.staged(),
                 reconciler_.snapshot().namespace_count());
  }
}

void Enforcer::take_interference() {
  const nft::Interference found = watched_->take_interference();
  // What an owner does to his own tables is none of our business.
  if (!found.any() || !synced_ || reporter_.tables_are_taken()) return;
  reporter_.interference(found);
  reconciler_.distrust(Clock::now());
  staged_.distrust(Clock::now());
}

/// Whether the host has lost an address since the last time. Link-local ones come and go with pods.
bool Enforcer::host_lost_address() {
  auto now = host::host_addresses();
  if (!now) return true;
  std::erase_if(*now, [](const IpAddress& address) { return link_local6().contains(address); });
  return !std::ranges::includes(*now, std::exchange(host_, *now));
}

void Enforcer::look_at_links() {
  bridges_.refresh();
  // Connections of the host were not looked at: what is left of them may be forwarded now.
  if (host_lost_address()) reconciler_.distrust(Clock::now());
  if (synced_) tend_bridges();
}

/// Names the bridges that pods hang on, and makes their traffic pass our hooks. Comes before a sync,
/// so that no transaction ever names fewer bridges than there are.
void Enforcer::tend_bridges() {
  if (!bridges_are_given_) {
    RenderOptions render = reconciler_.options();
    render.pod_bridges = find_pod_bridges(bridges_.bridges(), reconciler_.snapshot().result());
    reconciler_.set_options(std::move(render));
  }
  effective_ = bridges_.make_effective(reconciler_.options().pod_bridges);
  monitoring_.health.set_not_effective(bridges_.missing());
}

Result<void> Enforcer::sync() {
  const Moment begun = Clock::now();
  auto report = reconciler_.sync(begun);
  if (!report) {
    reporter_.failed(report.error(), begun);
    return tl::unexpected(report.error());
  }
  reporter_.succeeded(*report, begun);
  if (report->from_nothing) give_back_memory();
  tell_refused();
  const bool owned = reconciler_.options().ownership == nft::Ownership::owned;
  monitoring_.metrics.set_table_ownership(owned ? telemetry::TableOwnership::owned : telemetry::TableOwnership::open);
  if (!sizes_due_) sizes_due_ = Clock::now() + kSizesDelay;
  labels_are_old_ = labels_are_old_ || report->from_nothing;
  untold_ = std::move(report->delta);
  if (commits() && !check_due_ && check_interval_.count() > 0) check_due_ = Clock::now() + check_interval_;
  return {};
}

/// What is enforced comes first; what goes wrong here does not touch it.
Result<void> Enforcer::sync_staged() {
  const auto changed = staged_.sync(Clock::now());
  if (!changed) {
    spdlog::error("what staged policies would deny is not counted for now, tried again soon: {}",
                  changed.error().message);
    return tl::unexpected(changed.error());
  }
  if (staged_.take_selections_changed()) staged_labels_are_old_ = true;
  if (!*changed) return {};
  if (commits()) spdlog::info("committed what is staged: {} policies", stages_.staged());
  return {};
}

/// Comes after all that is enforced, and before the next sync.
void Enforcer::report_labels() {
  const policy::NodePolicyDelta delta = std::exchange(untold_, {});
  if (counters_ == nullptr) return;
  if (labels_are_old_) return report_all_labels();
  const bool staged_are_old = std::exchange(staged_labels_are_old_, false);
  if (!staged_are_old && delta.local.empty() && delta.permissions.empty()) return;
  auto staged = staged_are_old ? labels_of_staged() : std::nullopt;
  counters_->update_labels([&](CounterLabels& owners) {
    controller::update_labels(owners, delta, reconciler_.snapshot().result(), reconciler_.options());
    if (staged_are_old) owners.staged = std::move(staged);
  });
}

void Enforcer::report_all_labels() {
  labels_are_old_ = false;
  staged_labels_are_old_ = false;
  CounterLabels owners = counter_labels(reconciler_.snapshot().result(), reconciler_.options());
  owners.staged = labels_of_staged();
  counters_->set_labels(std::move(owners));
}

std::optional<StagedLabels> Enforcer::labels_of_staged() {
  const policy::Snapshot* staged = staged_.snapshot();
  return staged == nullptr ? std::nullopt : std::optional(staged_labels(*staged));
}

/// What the kernel refuses is left out, so the node is not ready.
void Enforcer::tell_refused() {
  std::vector<telemetry::Refusal> refused;
  std::map<std::string_view, std::size_t> kinds = {{"table", 0}, {"set", 0}, {"chain", 0}, {"rule", 0}, {"element", 0}};
  for (const auto& left_out : reconciler_.quarantine().list()) {
    ++kinds[to_string(left_out.part.kind)];
    refused.push_back(
        {left_out.object.empty() ? left_out.text : left_out.object + ": " + left_out.text, left_out.code});
  }
  reporter_.left_out(refused);
  monitoring_.health.set_refused(std::move(refused));
  for (const auto& [kind, count] : kinds) monitoring_.metrics.set_refused_objects(kind, count);
}

void Enforcer::check_failed(const Error& error) {
  spdlog::error("self-check: {}", error.message);
  monitoring_.metrics.self_check_failed();
}

/// What is found is put right by the next sync.
void Enforcer::check_tables() {
  check_due_.reset();
  if (check_interval_.count() > 0) check_due_ = Clock::now() + check_interval_;
  auto report = reconciler_.check(std::random_device()());
  if (!report) return check_failed(report.error());
  if (report->divergent() > 0) reconciler_.distrust(Clock::now());
  if (!staged_.due()) {
    auto staged = staged_.check();
    if (!staged) return check_failed(staged.error());
    if (!staged->empty()) staged_.distrust(Clock::now());
    report->differences.merge(*staged);
  }
  log_self_check(*report);
  monitoring_.metrics.self_checked(report->divergent());
}

void Enforcer::publish_sizes() {
  sizes_due_.reset();
  publish(snapshot(), stages_.staged(), monitoring_.metrics);
}

void Enforcer::cut_connections() {
  const auto report = reconciler_.judge_connections(Clock::now());
  if (!report) {
    spdlog::error("established connections were not judged anew: {}", report.error().message);
  } else if (report->added + report->removed > 0) {
    spdlog::info("established connections: {} cut, {} released, {} cut in all, of {} flows", report->added,
                 report->removed, report->cut, report->flows);
  }
  if (report && report->added + report->removed + report->cut >= kManyConnections) give_back_memory();
}

std::optional<Moment> Enforcer::due() const {
  if (!synced_) return std::nullopt;
  auto due = reconciler_.due();
  if (!due && reconciler_.pending()) due = Moment();
  const auto cutter = commits() ? reconciler_.cutter().due() : std::nullopt;
  // A comparison waits until all is committed.
  const auto check = reconciler_.unsynced() ? std::nullopt : check_due_;
  const auto staged = reconciler_.unsynced() ? std::nullopt : staged_.due();
  for (const auto& other : {cutter, check, staged, sizes_due_}) due = earlier(due, other);
  return due;
}

void Enforcer::act() {
  const auto is_due = [](const std::optional<Moment>& due) { return due && *due <= Clock::now(); };
  const bool waiting = reconciler_.due().has_value() && !is_due(reconciler_.due());
  if (reconciler_.pending() && !waiting) {
    tend_bridges();
    if (!sync()) return;
    // Who came between while nobody listened is known only now.
    if (commits()) take_interference();
  }
  if (commits() && is_due(reconciler_.cutter().due())) cut_connections();
  if (is_due(staged_.due()) && !reconciler_.unsynced() && sync_staged() && commits()) take_interference();
  report_labels();
  if (is_due(sizes_due_)) publish_sizes();
  if (is_due(check_due_) && !reconciler_.unsynced()) check_tables();
  monitoring_.metrics.set_fastpath_addresses(reconciler_.cutter().fastpath_addresses());
}

Result<void> Enforcer::act_once() {
  tend_bridges();
  if (const auto done = sync(); !done) return done;
  if (commits()) cut_connections();
  return sync_staged();
}

}  // namespace selvage::controller

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
#include "controller/output/counted.h"
#include "controller/sync/table_owner.h"
#include "host/conntrack.h"
#include "host/host_addresses.h"
#include "nft/kernel/probe.h"

namespace selvage::controller {
namespace {

/// Reads the connections that pass the forward hook: all but those of the host itself.
Result<void> read_forwarded_flows(const std::function<void(const host::Flow&)>& visit) {
  const auto own = host::host_addresses();
  if (!own) return tl::unexpected(own.error());
  return host::for_each_flow([&](const host::Flow& flow) {
    if (own->count(flow.source) == 0 && own->count(flow.destination) == 0) visit(flow);
  });
}

/// From this number of cut connections on, reading the connection table leaves much free memory behind.
constexpr std::size_t kManyConnections = 1000;

/// Sizes change with each commit; metrics need them every few seconds.
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
  if (!*by_name) spdlog::debug("the kernel lacks meta ibrname: frames of all veth bridge ports are treated as pods'");
  const auto ownership = wanted_ownership(options.table_owner);
  if (!ownership) return tl::unexpected(ownership.error());
  // Of tables whose owner has ended nft 1.0.6 makes a listing that it does not load.
  const bool ends_at_once = options.once && !options.dry_run;
  render.ownership = ends_at_once ? nft::Ownership::open : *ownership;
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
      labels_(counters),
      check_interval_(options.self_check_interval) {
  observe_commits();
}

void Enforcer::observe_commits() {
  reconciler_.on_commit([this](const policy::NodePolicyDelta* delta) {
    labels_.committed(delta, snapshot().result(), reconciler_.options());
  });
  staged_.on_selections_changed([this](const policy::Snapshot* staged) { labels_.staged_changed(staged); });
}

void Enforcer::take(const Mailbox::Contents& mail) {
  reconciler_.set_complete(mail.complete);
  if (commits()) policy_log_.note(mail, stages_);
  const policy::StageEvents events = stages_.take(mail.events);
  reconciler_.apply(events.enforced);
  staged_.apply(events, stages_, [this]() -> const policy::Inventory& { return snapshot().inventory(); });
  reporter_.received(mail);
  if (mail.synced && !std::exchange(synced_, true)) {
    const policy::Snapshot& known = snapshot();
    spdlog::info("first full list: {}, {} ({} staged), {}", counted(known.pod_count(), "pod"),
                 counted(known.policy_count() + stages_.staged(), "policy", "policies"), stages_.staged(),
                 counted(known.namespace_count(), "namespace"));
  }
}

void Enforcer::take_interference() {
  const nft::Interference found = watched_->take_interference();
  // Another owner may change its own tables.
  if (!found.any() || !synced_ || reporter_.tables_are_taken()) return;
  reporter_.interference(found);
  reconciler_.distrust(Clock::now());
  staged_.distrust(Clock::now());
}

/// Whether the host has lost an address since the last call. Link-local addresses come and go with pods.
bool Enforcer::host_lost_address() {
  auto now = host::host_addresses();
  if (!now) return true;
  std::erase_if(*now, [](const IpAddress& address) { return link_local6().contains(address); });
  return !std::ranges::includes(*now, std::exchange(host_, *now));
}

void Enforcer::read_links() {
  bridges_.refresh();
  // Connections of the host were not judged; some may be forwarded now.
  if (host_lost_address()) reconciler_.distrust(Clock::now());
  if (synced_) update_bridges();
}

/// Finds the pod bridges and makes their traffic pass our hooks. Must precede a sync, so that no transaction names
/// fewer bridges than exist.
void Enforcer::update_bridges() {
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
  policy_log_.committed(policy::Mode::enforced, stages_, snapshot().inventory());
  if (report->from_nothing) give_back_memory();
  report_refused();
  const bool owned = reconciler_.options().ownership == nft::Ownership::owned;
  monitoring_.metrics.set_table_ownership(owned ? telemetry::TableOwnership::owned : telemetry::TableOwnership::open);
  if (!sizes_due_) sizes_due_ = Clock::now() + kSizesDelay;
  if (commits() && !check_due_ && check_interval_.count() > 0) check_due_ = Clock::now() + check_interval_;
  return {};
}

/// Follows the sync of enforced policies; failures here do not affect those.
Result<void> Enforcer::sync_staged() {
  const auto changed = staged_.sync(Clock::now());
  if (!changed) {
    spdlog::error("staged policies are not counted, retrying: {}", changed.error().message);
    return tl::unexpected(changed.error());
  }
  policy_log_.committed(policy::Mode::staged, stages_, snapshot().inventory());
  if (*changed && commits()) {
    spdlog::debug("committed the staged policies: {}", counted(stages_.staged(), "policy", "policies"));
  }
  return {};
}

void Enforcer::release() {
  if (!commits() || ownership() == nft::Ownership::open || reporter_.tables_are_taken()) return;
  for (const auto& released : {reconciler_.release(), staged_.release()}) {
    if (!released) spdlog::warn("the tables stay as they are, without an owner: {}", released.error().message);
  }
}

/// Refused parts are left out, so the node is not ready.
void Enforcer::report_refused() {
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

/// The next sync repairs differences.
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
    spdlog::error("established connections could not be judged again: {}", report.error().message);
  } else if (report->added + report->removed > 0) {
    spdlog::info("established connections: {} cut, {} released, {} cut in total, of {}", report->added, report->removed,
                 report->cut, counted(report->flows, "flow"));
  }
  if (report && report->added + report->removed + report->cut >= kManyConnections) give_back_memory();
}

std::optional<Moment> Enforcer::due() const {
  if (!synced_) return std::nullopt;
  auto due = reconciler_.due();
  if (!due && reconciler_.pending()) due = Moment();
  const auto cutter = commits() ? reconciler_.cutter().due() : std::nullopt;
  // A self-check waits until everything is committed.
  const auto check = reconciler_.unsynced() ? std::nullopt : check_due_;
  const auto staged = reconciler_.unsynced() ? std::nullopt : staged_.due();
  for (const auto& other : {cutter, check, staged, sizes_due_}) due = earlier(due, other);
  return due;
}

void Enforcer::act() {
  const auto is_due = [](const std::optional<Moment>& due) { return due && *due <= Clock::now(); };
  const bool waiting = reconciler_.due().has_value() && !is_due(reconciler_.due());
  if (reconciler_.pending() && !waiting) {
    update_bridges();
    if (!sync()) return;
    // Changes by other programs during the commit are known only now.
    if (commits()) take_interference();
  }
  if (commits() && is_due(reconciler_.cutter().due())) cut_connections();
  if (is_due(staged_.due()) && !reconciler_.unsynced() && sync_staged() && commits()) take_interference();
  if (is_due(sizes_due_)) publish_sizes();
  if (is_due(check_due_) && !reconciler_.unsynced()) check_tables();
  monitoring_.metrics.set_fastpath_addresses(reconciler_.cutter().fastpath_addresses());
}

Result<void> Enforcer::act_once() {
  update_bridges();
  if (const auto done = sync(); !done) return done;
  if (commits()) cut_connections();
  return sync_staged();
}

}  // namespace selvage::controller

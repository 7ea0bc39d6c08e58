#include "controller/enforcer.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "controller/pod_bridges.h"
#include "controller/table_owner.h"
#include "nft/conntrack.h"
#include "nft/host_addresses.h"
#include "nft/probe.h"

namespace selvage::controller {
namespace {

/// Reads the connections that pass the forward hook: not those of the host itself.
Result<void> read_forwarded_flows(const std::function<void(const nft::Flow&)>& visit) {
  const auto host = nft::host_addresses();
  if (!host) return tl::unexpected(host.error());
  return nft::for_each_flow([&](const nft::Flow& flow) {
    if (host->count(flow.source) == 0 && host->count(flow.destination) == 0) visit(flow);
  });
}

void log_commit(const SyncReport& report, Clock::duration took) {
  const auto ms = std::chrono::duration<double, std::milli>(took).count();
  if (!report.changed) {
    if (report.from_nothing) spdlog::info("tables read back: nothing to change ({:.1f} ms)", ms);
    return;
  }
  const nft::PlanSize& size = report.size;
  spdlog::info("committed {}: {} tables, {} elements, {} sets, {} chains, {} rules ({:.1f} ms)",
               report.from_nothing ? "the difference to what was there" : "a change", size.tables, size.elements,
               size.sets, size.chains, size.rules, ms);
}

void log_interference(const nft::Interference& found) {
  if (found.changes == 0) {
    spdlog::info("notifications of nftables are missing; the tables are compared");
    return;
  }
  spdlog::warn("{} changed the tables ({} changes: {}{}); they are put right",
               found.programs.empty() ? "somebody" : fmt::format("{}", fmt::join(found.programs, ", ")), found.changes,
               fmt::join(found.examples, ", "), found.changes > found.examples.size() ? ", ..." : "");
}

}  // namespace

Result<RenderOptions> render_options(const AgentOptions& options) {
  RenderOptions render;
  render.unknown_pods = options.unknown_pods;
  render.log_group = options.log_denied_group;
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

Enforcer::Enforcer(const AgentOptions& options, nft::Kernel& kernel, nft::WatchedKernel* watched, RenderOptions render)
    : bridges_are_given_(!options.pod_bridges.empty()),
      watched_(watched),
      reconciler_(kernel, read_forwarded_flows, options.node, std::move(render)),
      bridges_(watched != nullptr) {}

const policy::Compiler& Enforcer::compiler() {
  reconciler_.prepare();
  return reconciler_.compiler();
}

void Enforcer::take(const Mailbox::Contents& mail) {
  reconciler_.set_complete(mail.complete);
  reconciler_.apply(mail.events);
  if (mail.synced && !std::exchange(synced_, true)) {
    spdlog::info("first full list: {} pods, {} policies, {} namespaces", reconciler_.compiler().pod_count(),
                 reconciler_.compiler().policy_count(), reconciler_.compiler().namespace_count());
  }
}

void Enforcer::take_interference() {
  const nft::Interference found = watched_->take_interference();
  // What an owner does to his own tables is none of our business.
  if (!found.any() || !synced_ || taken_) return;
  log_interference(found);
  reconciler_.distrust(Clock::now());
}

void Enforcer::look_at_links() {
  bridges_.refresh();
  if (synced_) tend_bridges();
}

/// Names the bridges that pods hang on, and makes their traffic pass our hooks. Comes before a sync,
/// so that no transaction ever names fewer bridges than there are.
void Enforcer::tend_bridges() {
  reconciler_.prepare();
  if (!bridges_are_given_) {
    RenderOptions render = reconciler_.options();
    render.pod_bridges = find_pod_bridges(bridges_.bridges(), reconciler_.compiler().result());
    reconciler_.set_options(std::move(render));
  }
  effective_ = bridges_.make_effective(reconciler_.options().pod_bridges);
}

Result<void> Enforcer::sync() {
  const Moment started = Clock::now();
  const auto report = reconciler_.sync(started);
  if (!report) return tl::unexpected(report.error());
  if (commits()) log_commit(*report, Clock::now() - started);
  return {};
}

void Enforcer::cut_connections() {
  const auto report = reconciler_.cutter().run(reconciler_.compiler().result(), Clock::now());
  if (!report) {
    spdlog::error("established connections were not judged anew: {}", report.error().message);
  } else if (report->added + report->removed > 0) {
    spdlog::info("established connections: {} cut, {} released, {} cut in all, of {} flows", report->added,
                 report->removed, report->cut, report->flows);
  }
}

/// Another owner, an old agent in a rolling update as a rule, is told of once, however long he lives.
void Enforcer::log_refusal(const Error& error) {
  const bool known = taken_;
  taken_ = error.code == EPERM;
  if (!taken_) {
    spdlog::error("not committed, tried again soon: {}", error.message);
  } else if (!known) {
    spdlog::warn("waiting for the program that owns the tables to end; what it enforces stays: {}", error.message);
  }
}

std::optional<Moment> Enforcer::due() const {
  if (!synced_) return std::nullopt;
  auto due = reconciler_.due();
  if (!due && reconciler_.pending()) due = Moment();
  const auto cutter = commits() ? reconciler_.cutter().due() : std::nullopt;
  return cutter && (!due || *cutter < *due) ? cutter : due;
}

void Enforcer::act() {
  const auto is_due = [](const std::optional<Moment>& due) { return due && *due <= Clock::now(); };
  const bool waiting = reconciler_.due().has_value() && !is_due(reconciler_.due());
  if (reconciler_.pending() && !waiting) {
    tend_bridges();
    if (const auto done = sync(); !done) {
      log_refusal(done.error());
      return;
    }
    taken_ = false;
    // Who came between while nobody listened is known only now.
    if (commits()) take_interference();
  }
  if (commits() && is_due(reconciler_.cutter().due())) cut_connections();
}

Result<void> Enforcer::act_once() {
  tend_bridges();
  if (const auto done = sync(); !done) return done;
  if (commits()) cut_connections();
  return {};
}

}  // namespace selvage::controller

#include "controller/agent/agent.h"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <iostream>
#include <memory>
#include <utility>

#include "controller/agent/agent_status.h"
#include "controller/agent/enforcer.h"
#include "controller/agent/heap.h"
#include "controller/agent/monitor_server.h"
#include "controller/agent/poll_loop.h"
#include "controller/agent/service_manager.h"
#include "controller/agent/signals.h"
#include "controller/counters/packet_counters.h"
#include "controller/denials/denied_packets.h"
#include "controller/events/event_recorder.h"
#include "controller/events/monitoring.h"
#include "controller/preflight/preflight.h"
#include "controller/sources/feed.h"
#include "controller/status/status_server.h"
#include "controller/sync/dry_run_kernel.h"
#include "controller/sync/measured_kernel.h"
#include "host/node_addresses.h"
#include "nft/kernel/netlink_kernel.h"

namespace selvage::controller {
namespace {

/// Takes in the first full list, for which it waits without a limit. True: some object was invalid.
Result<bool> load(const AgentOptions& options, const Signals& signals, const Monitoring& monitoring,
                  Enforcer& enforcer) {
  auto feed = Feed::start(options, monitoring);
  if (!feed) return tl::unexpected(feed.error());
  const auto listed = feed->await_first_list([&](const auto& mail) { enforcer.take(mail); },
                                             {std::nullopt, signals.fd(), [&] { return signals.take().stop; }});
  if (!listed && listed.error().code == ECANCELED) return fail("nothing was changed", listed.error());
  if (!listed) return tl::unexpected(listed.error());
  return feed->refused_any();
}

Result<AgentEnd> run_once(const AgentOptions& options, const Signals& signals, const Monitoring& monitoring,
                          Enforcer& enforcer) {
  const auto refused = load(options, signals, monitoring, enforcer);
  if (!refused) return tl::unexpected(refused.error());
  enforcer.read_links();
  if (const auto done = enforcer.act_once(); !done) return tl::unexpected(done.error());
  if (*refused) return AgentEnd::bad_manifests;
  return enforcer.effective() || options.dry_run ? AgentEnd::done : AgentEnd::not_effective;
}

/// Events need an API server, and an agent that enforces and stays.
bool writes_events(const AgentOptions& options) {
  return options.events && options.manifests.empty() && !options.dry_run && !options.once;
}

std::vector<telemetry::HttpAddress> http_addresses(const AgentOptions& options) {
  std::vector<telemetry::HttpAddress> addresses;
  for (const auto& address : options.http_addresses.empty() ? host::node_addresses() : options.http_addresses) {
    addresses.push_back({address, options.http_port});
  }
  return addresses;
}

/// When the preflight is repeated: while it fails, and else.
constexpr std::chrono::seconds kFailedPreflightInterval{30};
constexpr std::chrono::minutes kPreflightInterval{10};

/// An agent that follows its source.
class AgentLoop {
 public:
  AgentLoop(const AgentOptions& options, const Signals& signals, nft::WatchedKernel* watched, Enforcer& enforcer,
            const Monitoring& monitoring, PacketCounters* counters)
      : options_(options),
        signals_(signals),
        watched_(watched),
        enforcer_(enforcer),
        monitoring_(monitoring),
        counters_(counters) {}

  Result<AgentEnd> run();

 private:
  void add_inputs(Feed& feed, host::LinkMonitor& links);
  void check_system();
  void add_denied_packets();
  void add_server();
  void add_status();
  void act();

  const AgentOptions& options_;
  const Signals& signals_;
  nft::WatchedKernel* watched_;
  Enforcer& enforcer_;
  Monitoring monitoring_;
  PacketCounters* counters_;
  std::optional<Moment> preflight_due_;
  std::optional<std::vector<std::string>> blockers_;  ///< failed preflight checks, as last reported
  bool reported_ready_ = false;                       ///< to the service manager
  PollLoop loop_;
  std::optional<DeniedPackets> denied_;
  std::optional<MonitorServer> server_;
  std::optional<StatusServer> status_;
};

void AgentLoop::add_inputs(Feed& feed, host::LinkMonitor& links) {
  loop_.on_readable(signals_.fd(), [this] {
    const Signals::Taken taken = signals_.take();
    if (taken.stop) loop_.stop();
    if (taken.check) enforcer_.request_self_check();
  });
  loop_.on_readable(feed.fd(), [&] { enforcer_.take(feed.take()); });
  loop_.on_readable(links.fd(), [&] {
    if (links.drain()) enforcer_.read_links();
  });
  if (watched_ == nullptr) return;
  loop_.on_readable([this] { return watched_->fd(); }, [this] { enforcer_.take_interference(); });
}

/// Runs the preflight, and reports failures to log and probes when they change.
void AgentLoop::check_system() {
  // Later this agent itself has the NFLOG group.
  const auto group = blockers_ ? std::nullopt : options_.log_denied_group;
  const PreflightReport report = run_preflight({options_.pod_bridges, group, options_.allow_ipvs});
  std::vector<std::string> blockers;
  for (const auto& item : ready_blockers(report)) blockers.push_back(log_text(item));
  preflight_due_ = Clock::now() +
                   (blockers.empty() ? Clock::duration(kPreflightInterval) : Clock::duration(kFailedPreflightInterval));
  if (blockers_ == blockers) return;
  log_preflight(report);
  monitoring_.health.set_preflight_failures(blockers);
  blockers_ = std::move(blockers);
}

void AgentLoop::add_denied_packets() {
  if (watched_ == nullptr || !options_.log_denied_group) return;
  denied_.emplace(
      *options_.log_denied_group, [this]() -> const policy::Snapshot& { return enforcer_.snapshot(); },
      [this] { return enforcer_.staged_snapshot(); }, monitoring_.metrics);
  loop_.on_readable([this] { return denied_->fd(); }, [this] { denied_->read(Clock::now()); });
  loop_.on_due([this] { return denied_->due(); }, [this] { denied_->tick(Clock::now()); });
}

void AgentLoop::add_server() {
  loop_.observe([this](std::optional<Moment> until) { monitoring_.health.loop_waits(until); },
                [this] { monitoring_.health.loop_works(Clock::now()); });
  if (watched_ == nullptr || !options_.http) return;
  server_.emplace(http_addresses(options_), monitoring_);
  server_->start(Clock::now());
  loop_.on_due([this] { return server_->due(); }, [this] { server_->start(Clock::now()); });
}

void AgentLoop::add_status() {
  if (watched_ == nullptr || options_.status_socket.empty()) return;
  status_.emplace(options_.status_socket,
                  [this] { return to_json(gather_status(options_, enforcer_, monitoring_.health, counters_)); });
  status_->start(Clock::now());
  loop_.on_readable([this] { return status_->fd(); }, [this] { status_->answer(); });
  loop_.on_due([this] { return status_->due(); }, [this] { status_->start(Clock::now()); });
}

/// Syncs, and reports the first success to the service manager.
void AgentLoop::act() {
  enforcer_.act();
  if (reported_ready_ || !monitoring_.health.facts().committed) return;
  reported_ready_ = true;
  const auto sent = notify_service_manager("READY=1\nSTATUS=enforcing");
  if (!sent) spdlog::warn("cannot report readiness to the service manager: {}", sent.error().message);
}

Result<AgentEnd> AgentLoop::run() {
  auto links = host::LinkMonitor::open();
  if (!links) return tl::unexpected(links.error());
  enforcer_.read_links();
  auto feed = Feed::start(options_, monitoring_);
  if (!feed) return tl::unexpected(feed.error());
  check_system();  // while the first lists are on their way
  add_inputs(*feed, *links);
  loop_.on_due([this] { return enforcer_.due(); }, [this] { act(); });
  loop_.on_due([this] { return preflight_due_; }, [this] { check_system(); });
  add_denied_packets();
  add_server();
  add_status();
  if (const auto ran = loop_.run(); !ran) return tl::unexpected(ran.error());
  enforcer_.release();
  spdlog::info(options_.dry_run ? "stopped" : "stopped; the tables stay and enforce");
  return AgentEnd::done;
}

}  // namespace

Result<AgentEnd> run_agent(const AgentOptions& options) {
  share_one_heap();
  const auto signals = Signals::open();
  if (!signals) return tl::unexpected(signals.error());
  auto render = render_options(options);
  if (!render) return tl::unexpected(render.error());
  const auto kernel = nft::WatchedKernel::open({kOurTables.begin(), kOurTables.end()});
  if (!kernel) return tl::unexpected(kernel.error());
  DryRunKernel dry_run(kernel->get(), std::cout, render->ownership);
  const auto counters = PacketCounters::open();
  if (!counters) return tl::unexpected(counters.error());
  PacketCounters* counted = counters->get();
  telemetry::Metrics metrics({options.version, ""}, Clock::now(), [counted] { return counted->read(); });
  telemetry::Health health;
  std::optional<EventRecorder> events;
  if (writes_events(options)) events.emplace(options.node);
  const Monitoring monitoring{metrics, health, events ? &*events : nullptr};
  MeasuredKernel measured(**kernel, metrics);
  nft::Kernel& target = options.dry_run ? static_cast<nft::Kernel&>(dry_run) : measured;
  nft::WatchedKernel* watched = options.dry_run ? nullptr : kernel->get();
  Enforcer enforcer(options, target, watched, std::move(*render), monitoring, counted);
  if (options.once) return run_once(options, *signals, monitoring, enforcer);
  return AgentLoop(options, *signals, watched, enforcer, monitoring, counted).run();
}

Result<void> clean_up() {
  const auto kernel = nft::NetlinkKernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  nft::Plan plan;
  const auto have = (*kernel)->read(kOurTables);
  if (!have) return tl::unexpected(have.error());
  for (const auto& entry : *have) plan.tables[entry.first].delete_table = true;
  auto done = (*kernel)->commit(plan);
  if (!done && done.error().code == EPERM) return fail("stop this node's agent first", done.error());
  return done;
}

}  // namespace selvage::controller

#include "controller/agent.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <iostream>
#include <memory>

#include "controller/dry_run_kernel.h"
#include "controller/node_bridges.h"
#include "controller/pod_bridges.h"
#include "controller/reconciler.h"
#include "controller/source.h"
#include "k8s_client/manifest_folder.h"
#include "nft/host_addresses.h"
#include "nft/netlink_kernel.h"
#include "nft/probe.h"
#include "nft/watched_kernel.h"

namespace selvage::controller {
namespace {

Result<UniqueFd> block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  UniqueFd fd(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd) return fail_errno("signalfd", errno);
  return fd;
}

Result<RenderOptions> render_options(const AgentOptions& options) {
  RenderOptions render;
  render.unknown_pods = options.unknown_pods;
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

/// The parts of a running agent, and the steps that both ways of running share.
class Agent {
 public:
  /// `watched` is `kernel`, or nullptr where nothing is committed.
  Agent(const AgentOptions& options, nft::Kernel& kernel, nft::WatchedKernel* watched, RenderOptions render)
      : options_(options),
        watched_(watched),
        reconciler_(kernel, read_forwarded_flows, options.node, std::move(render)),
        bridges_(!options.dry_run) {}

  Result<AgentEnd> run_once(int stop_fd);
  Result<AgentEnd> follow(int stop_fd);

 private:
  Result<bool> load_folder();
  Result<bool> load_from_api(int stop_fd);
  Result<void> sync();
  void tend_bridges();
  void cut_connections();
  void take_mail(Mailbox& mailbox);
  void take_interference();
  void log_refusal(const Error& error);
  void act();
  [[nodiscard]] int timeout_ms() const;

  const AgentOptions& options_;
  nft::WatchedKernel* watched_;
  Reconciler reconciler_;
  NodeBridges bridges_;
  bool effective_ = false;
  bool synced_ = false;
  bool taken_ = false;  ///< another program owns the tables
};

Result<void> Agent::sync() {
  const Moment started = Clock::now();
  const auto report = reconciler_.sync(started);
  if (!report) return tl::unexpected(report.error());
  if (!options_.dry_run) log_commit(*report, Clock::now() - started);
  return {};
}

/// Names the bridges that pods hang on, and makes their traffic pass our hooks. Comes before a sync,
/// so that no transaction ever names fewer bridges than there are.
void Agent::tend_bridges() {
  reconciler_.prepare();
  if (options_.pod_bridges.empty()) {
    RenderOptions render = reconciler_.options();
    render.pod_bridges = find_pod_bridges(bridges_.bridges(), reconciler_.compiler().result());
    reconciler_.set_options(std::move(render));
  }
  effective_ = bridges_.make_effective(reconciler_.options().pod_bridges);
}

void Agent::cut_connections() {
  const auto report = reconciler_.cutter().run(reconciler_.compiler().result(), Clock::now());
  if (!report) {
    spdlog::error("established connections were not judged anew: {}", report.error().message);
  } else if (report->added + report->removed > 0) {
    spdlog::info("established connections: {} cut, {} released, {} cut in all, of {} flows", report->added,
                 report->removed, report->cut, report->flows);
  }
}

/// Takes in what the folder says. True: some document was refused.
Result<bool> Agent::load_folder() {
  k8s_client::ManifestFolder folder(options_.manifests);
  const auto changes = folder.rescan();
  if (!changes) return tl::unexpected(changes.error());
  for (const auto& error : changes->errors) spdlog::error("{}", k8s_client::to_string(error));
  reconciler_.set_complete(changes->complete);
  reconciler_.apply(changes->events);
  return !changes->errors.empty();
}

/// Takes in a first full list, for which it waits as long as it takes. True: some object was refused.
Result<bool> Agent::load_from_api(int stop_fd) {
  const auto mailbox = Mailbox::open();
  if (!mailbox) return tl::unexpected(mailbox.error());
  const auto source = start_api_source(options_, **mailbox);
  if (!source) return tl::unexpected(source.error());
  while (!synced_) {
    std::array<pollfd, 2> fds = {pollfd{stop_fd, POLLIN, 0}, pollfd{(*mailbox)->fd(), POLLIN, 0}};
    if (poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return fail_errno("poll", errno);
    if (fds[0].revents != 0) return fail("stopped before a first full list was in; nothing was changed", ECANCELED);
    if (fds[1].revents != 0) take_mail(**mailbox);
  }
  return (*source)->refused_any();
}

Result<AgentEnd> Agent::run_once(int stop_fd) {
  const auto refused = options_.manifests.empty() ? load_from_api(stop_fd) : load_folder();
  if (!refused) return tl::unexpected(refused.error());
  bridges_.refresh();
  tend_bridges();
  if (const auto done = sync(); !done) return tl::unexpected(done.error());
  if (!options_.dry_run) cut_connections();
  if (*refused) return AgentEnd::bad_manifests;
  return effective_ || options_.dry_run ? AgentEnd::done : AgentEnd::not_effective;
}

void Agent::take_mail(Mailbox& mailbox) {
  const Mailbox::Contents mail = mailbox.take();
  reconciler_.set_complete(mail.complete);
  reconciler_.apply(mail.events);
  if (mail.synced && !std::exchange(synced_, true)) {
    spdlog::info("first full list: {} pods, {} policies, {} namespaces", reconciler_.compiler().pod_count(),
                 reconciler_.compiler().policy_count(), reconciler_.compiler().namespace_count());
  }
}

void Agent::take_interference() {
  const nft::Interference found = watched_->take_interference();
  // What an owner does to his own tables is none of our business.
  if (!found.any() || !synced_ || taken_) return;
  if (found.changes > 0) {
    spdlog::warn("{} changed the tables ({} changes: {}{}); they are put right",
                 found.programs.empty() ? "somebody" : fmt::format("{}", fmt::join(found.programs, ", ")),
                 found.changes, fmt::join(found.examples, ", "), found.changes > found.examples.size() ? ", ..." : "");
  } else {
    spdlog::info("notifications of nftables are missing; the tables are compared");
  }
  reconciler_.distrust(Clock::now());
}

/// Another owner, an old agent in a rolling update as a rule, is told of once, however long he lives.
void Agent::log_refusal(const Error& error) {
  const bool known = taken_;
  taken_ = error.code == EPERM;
  if (!taken_) {
    spdlog::error("not committed, tried again soon: {}", error.message);
  } else if (!known) {
    spdlog::warn("waiting for the program that owns the tables to end; what it enforces stays: {}", error.message);
  }
}

/// Does what is due. Nothing is written before the source's first full list is in.
void Agent::act() {
  if (!synced_) return;
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
    if (watched_ != nullptr) take_interference();
  }
  if (!options_.dry_run && is_due(reconciler_.cutter().due())) cut_connections();
}

int Agent::timeout_ms() const {
  auto due = reconciler_.due();
  const auto cutter_due = options_.dry_run ? std::nullopt : reconciler_.cutter().due();
  if (cutter_due) due = due ? std::min(*due, *cutter_due) : *cutter_due;
  if (!due) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

Result<AgentEnd> Agent::follow(int stop_fd) {
  auto mailbox = Mailbox::open();
  if (!mailbox) return tl::unexpected(mailbox.error());
  auto links = nft::LinkMonitor::open();
  if (!links) return tl::unexpected(links.error());
  bridges_.refresh();
  const auto source = start_source(options_, **mailbox);
  if (!source) return tl::unexpected(source.error());
  for (;;) {
    std::array<pollfd, 4> fds = {pollfd{stop_fd, POLLIN, 0}, pollfd{(*mailbox)->fd(), POLLIN, 0},
                                 pollfd{links->fd(), POLLIN, 0},
                                 pollfd{watched_ == nullptr ? -1 : watched_->fd(), POLLIN, 0}};
    if (poll(fds.data(), fds.size(), timeout_ms()) < 0 && errno != EINTR) return fail_errno("poll", errno);
    if (fds[0].revents != 0) break;
    if (fds[1].revents != 0) take_mail(**mailbox);
    if (fds[2].revents != 0 && links->drain()) {
      bridges_.refresh();
      if (synced_) tend_bridges();
    }
    if (fds[3].revents != 0) take_interference();
    act();
  }
  spdlog::info(options_.dry_run ? "stopped" : "stopped; the tables go on enforcing");
  return AgentEnd::done;
}

}  // namespace

Result<AgentEnd> run_agent(const AgentOptions& options) {
  const auto stop = block_stop_signals();
  if (!stop) return tl::unexpected(stop.error());
  auto render = render_options(options);
  if (!render) return tl::unexpected(render.error());
  const auto kernel = nft::WatchedKernel::open({kInetTable, kBridgeTable});
  if (!kernel) return tl::unexpected(kernel.error());
  DryRunKernel dry_run(kernel->get(), std::cout);
  nft::Kernel& target = options.dry_run ? static_cast<nft::Kernel&>(dry_run) : **kernel;
  Agent agent(options, target, options.dry_run ? nullptr : kernel->get(), std::move(*render));
  return options.once ? agent.run_once(stop->get()) : agent.follow(stop->get());
}

Result<void> clean_up() {
  const auto kernel = nft::NetlinkKernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  nft::Plan plan;
  const auto have = (*kernel)->read(std::array{kInetTable, kBridgeTable});
  if (!have) return tl::unexpected(have.error());
  for (const auto& entry : *have) plan.tables[entry.first].remove_table = true;
  auto done = (*kernel)->commit(plan);
  if (!done && done.error().code == EPERM) return fail("stop the agent of this node first", done.error());
  return done;
}

}  // namespace selvage::controller

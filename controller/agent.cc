#include "controller/agent.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <iostream>
#include <memory>
#include <utility>

#include "controller/denied_packets.h"
#include "controller/dry_run_kernel.h"
#include "controller/enforcer.h"
#include "controller/poll_loop.h"
#include "controller/signals.h"
#include "controller/source.h"
#include "k8s_client/manifest_folder.h"
#include "nft/netlink_kernel.h"

namespace selvage::controller {
namespace {

/// Takes in what the folder says. True: some document was refused.
Result<bool> load_folder(const std::string& path, Enforcer& enforcer) {
  k8s_client::ManifestFolder folder(path);
  auto changes = folder.rescan();
  if (!changes) return tl::unexpected(changes.error());
  for (const auto& error : changes->errors) spdlog::error("{}", k8s_client::to_string(error));
  enforcer.take({std::move(changes->events), true, changes->complete});
  return !changes->errors.empty();
}

/// Takes in a first full list, for which it waits as long as it takes. True: some object was refused.
Result<bool> load_from_api(const AgentOptions& options, const Signals& signals, Enforcer& enforcer) {
  const auto mailbox = Mailbox::open();
  if (!mailbox) return tl::unexpected(mailbox.error());
  const auto source = start_api_source(options, **mailbox);
  if (!source) return tl::unexpected(source.error());
  while (!enforcer.synced()) {
    std::array<pollfd, 2> fds = {pollfd{signals.fd(), POLLIN, 0}, pollfd{(*mailbox)->fd(), POLLIN, 0}};
    if (poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR) return fail_errno("poll", errno);
    if (signals.take().stop) return fail("stopped before a first full list was in; nothing was changed", ECANCELED);
    if (fds[1].revents != 0) enforcer.take((*mailbox)->take());
  }
  return (*source)->refused_any();
}

Result<AgentEnd> run_once(const AgentOptions& options, const Signals& signals, Enforcer& enforcer) {
  const auto refused =
      options.manifests.empty() ? load_from_api(options, signals, enforcer) : load_folder(options.manifests, enforcer);
  if (!refused) return tl::unexpected(refused.error());
  enforcer.look_at_links();
  if (const auto done = enforcer.act_once(); !done) return tl::unexpected(done.error());
  if (*refused) return AgentEnd::bad_manifests;
  return enforcer.effective() || options.dry_run ? AgentEnd::done : AgentEnd::not_effective;
}

/// Tells of denied packets in a loop, where that is asked for.
void follow_denied_packets(PollLoop& loop, DeniedPackets& denied, Enforcer& enforcer) {
  loop.on_readable([&denied] { return denied.fd(); },
                   [&denied, &enforcer] {
                     (void)enforcer.compiler();
                     denied.read(Clock::now());
                   });
  loop.on_due([&denied] { return denied.due(); },
              [&denied, &enforcer] {
                (void)enforcer.compiler();
                denied.tick(Clock::now());
              });
}

Result<AgentEnd> follow(const AgentOptions& options, const Signals& signals, nft::WatchedKernel* watched,
                        Enforcer& enforcer) {
  auto mailbox = Mailbox::open();
  if (!mailbox) return tl::unexpected(mailbox.error());
  auto links = nft::LinkMonitor::open();
  if (!links) return tl::unexpected(links.error());
  enforcer.look_at_links();
  const auto source = start_source(options, **mailbox);
  if (!source) return tl::unexpected(source.error());
  PollLoop loop;
  loop.on_readable(signals.fd(), [&] {
    if (signals.take().stop) loop.stop();
  });
  loop.on_readable((*mailbox)->fd(), [&] { enforcer.take((*mailbox)->take()); });
  loop.on_readable(links->fd(), [&] {
    if (links->drain()) enforcer.look_at_links();
  });
  if (watched != nullptr) {
    loop.on_readable([watched] { return watched->fd(); }, [&] { enforcer.take_interference(); });
  }
  loop.on_due([&] { return enforcer.due(); }, [&] { enforcer.act(); });
  std::optional<DeniedPackets> denied;
  if (watched != nullptr && options.log_denied_group) {
    follow_denied_packets(loop, denied.emplace(*options.log_denied_group, enforcer.compiler()), enforcer);
  }
  if (const auto ran = loop.run(); !ran) return tl::unexpected(ran.error());
  spdlog::info(options.dry_run ? "stopped" : "stopped; the tables go on enforcing");
  return AgentEnd::done;
}

}  // namespace

Result<AgentEnd> run_agent(const AgentOptions& options) {
  const auto signals = Signals::open();
  if (!signals) return tl::unexpected(signals.error());
  auto render = render_options(options);
  if (!render) return tl::unexpected(render.error());
  const auto kernel = nft::WatchedKernel::open({kInetTable, kBridgeTable});
  if (!kernel) return tl::unexpected(kernel.error());
  DryRunKernel dry_run(kernel->get(), std::cout);
  nft::Kernel& target = options.dry_run ? static_cast<nft::Kernel&>(dry_run) : **kernel;
  nft::WatchedKernel* watched = options.dry_run ? nullptr : kernel->get();
  Enforcer enforcer(options, target, watched, std::move(*render));
  return options.once ? run_once(options, *signals, enforcer) : follow(options, *signals, watched, enforcer);
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

// The time without enforcement when a program flushes the ruleset: from the return of `nft flush ruleset`, and from its
// notification, to the commit that restores the tables. Runs in a network namespace of its own, as root, with nft(8).
#include <poll.h>
#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "base/clock.h"
#include "bench/durations.h"
#include "bench/need.h"
#include "bench/world.h"
#include "controller/sync/reconciler.h"
#include "nft/kernel/watched_kernel.h"

namespace selvage::bench {
namespace {

constexpr int kRepeats = 15;

std::string spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  char text[64];
  std::snprintf(text, sizeof(text), "%.1f (%.1f to %.1f)", values[values.size() / 2], values.front(), values.back());
  return text;
}

Result<void> no_flows(const std::function<void(const host::Flow&)>& /*visit*/) { return {}; }

/// The relevant part of an agent's loop: woken by notifications, it reads back and commits.
struct Node {
  std::unique_ptr<nft::WatchedKernel> kernel =
      need(nft::WatchedKernel::open({controller::kInetTable, controller::kBridgeTable}));
  controller::Reconciler reconciler{*kernel, no_flows, kNode, options()};

  static controller::RenderOptions options() {
    controller::RenderOptions options;
    options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel supports it
    return options;
  }
  /// When the notification of another program's change arrived.
  Moment await_interference() {
    for (;;) {
      pollfd waiting{kernel->fd(), POLLIN, 0};
      if (poll(&waiting, 1, -1) < 0 && errno != EINTR) std::abort();
      const Moment woken = Clock::now();
      if (!kernel->take_interference().any()) continue;
      reconciler.distrust(woken);
      return woken;
    }
  }
};

void measure(std::size_t pods) {
  Node node;
  std::vector<policy::Event> events;
  for (const auto& object : make_world(pods, pods / 10)) events.push_back(policy::upsert(object));
  node.reconciler.apply(events);
  const auto first = need(node.reconciler.sync(Clock::now()));
  static_cast<void>(node.kernel->take_interference());
  std::vector<double> since_return;
  std::vector<double> since_notice;
  for (int i = 0; i < kRepeats; ++i) {
    Moment returned{};
    std::thread flush([&returned] {
      if (std::system("nft flush ruleset") != 0) std::abort();
      returned = Clock::now();
    });
    const Moment woken = node.await_interference();
    const auto report = need(node.reconciler.sync(Clock::now()));
    const Moment restored = Clock::now();
    flush.join();
    if (!report.changed) std::abort();
    since_return.push_back(ms(restored - returned));
    since_notice.push_back(ms(restored - woken));
  }
  std::printf("| %zu | %zu elements, %zu rules | %s | %s |\n", pods, first.size.elements, first.size.rules,
              spread(since_return).c_str(), spread(since_notice).c_str());
  std::fflush(stdout);
}

}  // namespace
}  // namespace selvage::bench

int main() {
  if (unshare(CLONE_NEWNET) != 0) {
    std::perror("bench_flush: a network namespace (root needed)");
    return 1;
  }
  std::printf("| pods | tables | from nft's return, ms | from the notification, ms |\n|---|---|---|---|\n");
  for (const std::size_t pods : {100U, 1000U, 10'000U, 50'000U}) selvage::bench::measure(pods);
}

// The cost of a sync from nothing, and of one changed object with cold caches, in user space and in the kernel, by the
// size of the cluster. Commits to a network namespace of its own. Run as root.
#include <malloc.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "base/clock.h"
#include "bench/cold_caches.h"
#include "bench/durations.h"
#include "bench/need.h"
#include "bench/world.h"
#include "controller/tables/render.h"
#include "nft/kernel/netlink_kernel.h"
#include "policy/compile/compiler.h"

namespace selvage::bench {
namespace {

constexpr std::size_t kPolicies = 1000;
constexpr int kRepeats = 31;

/// Bytes in use on the heap.
std::size_t heap_bytes() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

struct Times {
  std::vector<double> user;
  std::vector<double> commit;
};

double at(std::vector<double> values, double quantile) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(quantile * static_cast<double>(values.size() - 1))];
}

/// One cluster under measurement.
class Bench {
 public:
  Bench(nft::Kernel& kernel, controller::RenderOptions options) : kernel_(kernel), options_(std::move(options)) {}

  void from_nothing(std::size_t pods) {
    const std::size_t before = heap_bytes();
    const auto objects = make_world(pods, kPolicies);
    const Moment start = Clock::now();
    for (const auto& object : objects) compiler_.apply({policy::key_of(object), object});
    const policy::Snapshot& now = compiler_.update();
    const Moment compiled = Clock::now();
    const nft::Ruleset want = controller::render(now.result(), names(now), options_);
    const Moment rendered = Clock::now();
    const nft::Plan plan = nft::diff({}, want);
    const Moment planned = Clock::now();
    need(kernel_.commit(plan));
    const Moment committed = Clock::now();
    const auto size = nft::size_of(plan);
    std::printf(
        "| %zu | from nothing | compile %.1f, render %.1f, diff %.1f | %.1f | %.1f | %zu elements, %zu sets, "
        "%zu classes |\n",
        pods, ms(compiled - start), ms(rendered - compiled), ms(planned - rendered), ms(committed - planned),
        ms(committed - start), size.elements, size.sets, now.result().classes.values().size());
    compiler_.start_tracking();
    heap_before_ = before;
  }

  /// Adds a policy that selects no pod yet: its first pod makes it take effect.
  void add_policy(const char* app, policy::Rule rule) {
    policy::NetworkPolicy added;
    added.namespace_name = "lonely";
    added.name = app;
    added.pod_selector = policy::match_labels({{"app", app}});
    added.isolates_egress = true;
    added.egress = {std::move(rule)};
    compiler_.apply(policy::upsert(added));
    compiler_.update();
    static_cast<void>(compiler_.take_changes());
  }

  void memory(std::size_t pods) const {
    const auto bytes = static_cast<double>(heap_bytes() - heap_before_);
    std::printf("| %zu | memory kept | | | | %.1f MiB, %.0f bytes a pod |\n", pods, bytes / (1U << 20U),
                bytes / static_cast<double>(pods));
  }

  /// Applies `change(i)` for each repetition and measures it up to the kernel.
  void repeat(std::size_t pods, const char* name, const std::function<policy::Event(int)>& change) {
    Times times;
    std::size_t elements = 0;
    for (int i = 0; i < kRepeats; ++i) {
      const policy::Event event = change(i);
      empty_caches();
      const Moment start = Clock::now();
      compiler_.apply(event);
      const policy::Snapshot& now = compiler_.update();
      const auto delta = compiler_.take_changes();
      const nft::Plan plan = controller::render_changes(delta, now.result(), names(now), options_);
      const Moment planned = Clock::now();
      need(kernel_.commit(plan));
      times.user.push_back(ms(planned - start));
      times.commit.push_back(ms(Clock::now() - planned));
      elements += nft::size_of(plan).elements;
    }
    std::printf("| %zu | %s | %.3f (p95 %.3f) | %.2f | %.2f | %.1f elements |\n", pods, name, at(times.user, 0.5),
                at(times.user, 0.95), at(times.commit, 0.5), at(times.user, 0.5) + at(times.commit, 0.5),
                static_cast<double>(elements) / kRepeats);
  }

 private:
  static controller::PodNames names(const policy::Snapshot& snapshot) {
    return [&snapshot](policy::PodId id) { return snapshot.pod_name(id); };
  }

  nft::Kernel& kernel_;
  controller::RenderOptions options_;
  policy::Compiler compiler_{kNode};
  std::size_t heap_before_ = 0;
};

/// A pod, the only one that its policy selects: added for even `i`, deleted for odd ones.
policy::Event only_pod(int i, const char* app) {
  policy::Pod pod;
  pod.namespace_name = "lonely";
  pod.name = app;
  pod.node = kNode;
  pod.labels = policy::Labels{{"app", app}};
  pod.addresses = {*IpAddress::parse("10.250.0.9")};
  return i % 2 == 0 ? policy::upsert(pod) : policy::removal(policy::key_of(pod));
}

policy::Rule block_rule() {
  policy::Rule rule;
  rule.any_port = true;
  rule.peers = {policy::IpBlock{*IpPrefix::parse("192.168.0.0/16"), {}}};
  return rule;
}

/// To one app of every namespace, by the name of its port.
policy::Rule name_rule() {
  policy::Rule rule;
  rule.ports = {{policy::Protocol::tcp, std::string("http")}};
  rule.peers = {policy::PodPeer{policy::LabelSelector{}, policy::match_labels({{"app", "app-1"}, {"tier", "front"}})}};
  return rule;
}

void measure(nft::Kernel& kernel, const controller::RenderOptions& options, std::size_t pods) {
  Bench bench(kernel, options);
  bench.from_nothing(pods);
  bench.memory(pods);
  bench.add_policy("blocks", block_rule());
  bench.add_policy("names", name_rule());
  bench.repeat(pods, "remote pod added", [&](int i) { return policy::upsert(make_pod(pods + i)); });
  bench.repeat(pods, "remote pod relabelled", [&](int i) {
    policy::Pod pod = make_pod(pods + i);
    pod.labels = policy::Labels{{"app", "app-" + std::to_string((i + 5) % 10)}};
    return policy::upsert(pod);
  });
  bench.repeat(pods, "remote pod removed", [&](int i) { return policy::removal(policy::key_of(make_pod(pods + i))); });
  bench.repeat(pods, "local pod added", [&](int i) {
    policy::Pod pod = make_pod(pods + i);
    pod.node = kNode;
    return policy::upsert(pod);
  });
  bench.repeat(pods, "policy added", [&](int i) {
    policy::NetworkPolicy added = make_policy(kPolicies + i);
    // It takes effect with new content, since each namespace has a pod of this node.
    added.pod_selector = {};
    added.ingress.front().ports = {{policy::Protocol::tcp, policy::PortMatch::Range{7000, 7000}}};
    return policy::upsert(added);
  });
  bench.repeat(pods, "policy removed",
               [&](int i) { return policy::removal(policy::key_of(make_policy(kPolicies + i))); });
  bench.repeat(pods, "first pod of an ipBlock policy", [&](int i) { return only_pod(i, "blocks"); });
  bench.repeat(pods, "first pod of a named-port policy", [&](int i) { return only_pod(i, "names"); });
  bench.repeat(pods, "first dual-stack pod", [&](int i) {
    policy::Pod pod = make_pod(pods + 100);
    pod.node = kNode;
    if (i % 2 == 0) pod.addresses.push_back(*IpAddress::parse("fd00::1"));
    return policy::upsert(pod);
  });
  nft::Plan clean;
  clean.tables[controller::kInetTable].delete_table = true;
  clean.tables[controller::kBridgeTable].delete_table = true;
  need(kernel.commit(clean));
}

}  // namespace
}  // namespace selvage::bench

int main() {
  using namespace selvage;  // NOLINT(google-build-using-namespace): this is the program
  if (unshare(CLONE_NEWNET) != 0) {
    std::fprintf(stderr, "bench_sync: needs root for a network namespace of its own\n");
    return 1;
  }
  const auto kernel = bench::need(nft::NetlinkKernel::open());
  controller::RenderOptions options;
  options.bridge_match = controller::BridgeMatch::port_kind;  // every kernel supports it
  std::printf(
      "| pods | change | user space, ms (median) | commit, ms (median) | both, ms | size "
      "|\n|---|---|---|---|---|---|\n");
  for (const std::size_t pods : {1000U, 10000U, 50000U}) bench::measure(*kernel, options, pods);
  return 0;
}

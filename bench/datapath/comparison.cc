#include "bench/datapath/comparison.h"

#include <cstdio>
#include <string>
#include <thread>

#include "bench/figures.h"
#include "bench/need.h"
#include "lab/command.h"

namespace selvage::bench {
namespace {

/// A slice in which TCP stalled (a packet was lost, and its timer is longer than the slice) is repeated.
Result<Slice> run_patiently(Traffic& traffic, Work work, std::chrono::microseconds time) {
  Result<Slice> slice = traffic.run(work, time);
  for (int again = 0; !slice && again < 3; ++again) slice = traffic.run(work, time);
  return slice;
}

bool needs_iptables(Layout layout) { return layout == Layout::iptables || layout == Layout::iptables_legacy; }

}  // namespace

Comparison::Comparison(const Scene& scene, const std::vector<Candidate>& candidates) : scene_(scene) {
  for (const Candidate& candidate : candidates) add(candidate);
}

void Comparison::add(const Candidate& candidate) {
  const Layout layout = candidate.layout;
  Result<Testbed> testbed = Testbed::create(scene_, layout);
  if (!testbed && needs_iptables(layout)) {
    Figure("left_out").with("layout", to_string(layout)).with("why", testbed.error().message.substr(0, 200)).print();
    return;
  }
  Contender made{candidate.name(), std::make_unique<Testbed>(need(std::move(testbed))), nullptr};
  if (!candidate.file.empty()) {
    const lab::Namespace& node = made.testbed->node();
    static_cast<void>(need(lab::run(node, {"nft", "-f", candidate.file})));
  }
  made.traffic = std::make_unique<Traffic>(need(Traffic::create(made.testbed->sender(), made.testbed->receiver())));
  const bool policy =
      candidate.file.empty() && scene_.policies > 0 && layout != Layout::none && layout != Layout::none_again;
  const Result<void> holds = candidate.file.empty() ? made.traffic->check(policy) : Result<void>();
  if (!holds) need(Result<void>(fail(to_string(layout), holds.error())));
  contenders_.push_back(std::move(made));
}

void Comparison::measure(Work work, const Extent& extent) {
  std::map<Work, OfLayouts> rounds;
  for (int round = -1; round < extent.rounds; ++round) {
    for (std::size_t i = 0; i < contenders_.size(); ++i) {
      const Contender& turn = contenders_[(i + static_cast<std::size_t>(round + 1)) % contenders_.size()];
      const Slice slice = need(run_patiently(*turn.traffic, work, extent.slice));
      // The kernel gives real-time threads at most 95 % of a second.
      std::this_thread::sleep_for(extent.slice / 10);
      if (round < 0) continue;  // warms up caches and neighbours
      for (const auto& [what, value] : slice) rounds[what][turn.name].push_back(value);
    }
  }
  for (const auto& [what, of_layouts] : rounds) print(what, of_layouts);
}

void Comparison::show() const {
  for (const Contender& contender : contenders_) {
    const auto ruleset = need(lab::run(contender.testbed->node(), {"nft", "list", "ruleset"}));
    std::printf("# %s\n%s", contender.name.c_str(), ruleset.c_str());
  }
}

void Comparison::print(Work work, const OfLayouts& rounds) const {
  const std::vector<double>& floor = rounds.at(to_string(Layout::none));
  for (const auto& [layout, values] : rounds) {
    std::vector<double> ratios;
    for (std::size_t i = 0; i < values.size(); ++i) ratios.push_back(values[i] / floor[i]);
    Figure("packet")
        .with("work", to_string(work))
        .with("layout", layout)
        .with("path", scene_.vxlan ? "vxlan" : "bridge")
        .with("policies", scene_.policies)
        .with("pods", scene_.pods)
        .with("blocks", scene_.blocks)
        .with("range", scene_.range)
        .with("ns", spread_of(values))
        .with("ratio", spread_of(ratios))
        .with("rounds", values.size())
        .print();
  }
}

}  // namespace selvage::bench

#include <catch2/catch.hpp>

#include "controller/tables/commit_steps.h"
#include "controller/tables/table_layout.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

/// What a packet can meet while a plan is carried out by a kernel that publishes the contents of interval sets after
/// the rest of their transaction.
namespace selvage::testing {
namespace {

using nft::Ruleset;

constexpr int kPacketsOfOneState = 40;

std::vector<nft::Packet> packets_between(Random& random, const Cluster& cluster) {
  const auto objects = objects_of(cluster);
  std::vector<nft::Packet> packets;
  for (int i = 0; i < kPacketsOfOneState; ++i) {
    const Way way = chance(random, 50) ? Way::bridged : Way::routed;
    packets.push_back(on_the_way(random_packet(random, cluster), objects, way));
  }
  return packets;
}

/// The tables just after a transaction, with the contents of those interval sets as they were before that `old` picks.
/// Chains and sets that only the old contents lead to are there as well, the chains without rules: those end with the
/// transaction.
Ruleset half_way(const Ruleset& before, Ruleset after, const std::function<bool(const nft::Set&)>& old) {
  for (auto& [key, table] : after) {
    const auto was = before.find(key);
    for (auto& [name, set] : table.sets) {
      if (!set.spec.interval || name == controller::kMulticast6 || !old(set)) continue;
      const bool there = was != before.end() && was->second.sets.contains(name);
      set.elements = there ? was->second.sets.at(name).elements : decltype(set.elements)();
    }
    if (was == before.end()) continue;
    table.sets.insert(was->second.sets.begin(), was->second.sets.end());
    for (const auto& [name, chain] : was->second.chains)
      if (!chain.base) table.chains.emplace(name, nft::Chain());
  }
  return after;
}

/// All states between `before` and the end of `steps`.
std::vector<Ruleset> states_of(const Ruleset& before, const std::vector<nft::Plan>& steps) {
  std::vector<Ruleset> states{before};
  Ruleset now = before;
  for (const nft::Plan& step : steps) {
    INFO(nft::to_text(step));
    const auto applied = nft::apply(step, now);
    if (!applied) FAIL(applied.error().message);
    states.push_back(half_way(now, *applied, [](const nft::Set&) { return true; }));
    states.push_back(half_way(now, *applied, [](const nft::Set& set) { return set.spec.verdict_map; }));
    states.push_back(half_way(now, *applied, [](const nft::Set& set) { return !set.spec.verdict_map; }));
    now = *applied;
    states.push_back(now);
  }
  return states;
}

/// No state on the way drops what the first and the last let pass, or, where `exact`, lets pass what both drop.
void check_way(const std::vector<Ruleset>& states, const std::vector<nft::Packet>& packets, bool exact) {
  nft::Tracer first(states.front());
  nft::Tracer last(states.back());
  for (const Ruleset& state : states) {
    nft::Tracer here(state);
    for (const nft::Packet& packet : packets) {
      const nft::Trace was = first.run(packet);
      const nft::Trace becomes = last.run(packet);
      if (was.accepted != becomes.accepted) continue;
      const nft::Trace trace = here.run(packet);
      if (trace.accepted == was.accepted || (trace.accepted && !exact)) continue;
      FAIL(packet.source.to_string() << " > " << packet.destination.to_string() << ": " << trace.text() << "\nbefore:\n"
                                     << was.text() << "\nafter:\n"
                                     << becomes.text() << "\n"
                                     << nft::to_text(state));
    }
  }
}

void check_steps(const Ruleset& before, const nft::Plan& plan, const std::vector<nft::Packet>& packets, bool exact) {
  const auto steps = controller::commit_steps(plan);
  const auto states = states_of(before, steps);
  const auto whole = nft::apply(plan, before);
  REQUIRE(whole);
  CHECK(states.back() == *whole);
  INFO(nft::to_text(plan));
  check_way(states, packets, exact);
}

void change(Random& random, std::size_t most, bool exact) {
  Cluster cluster;
  IncrementalNode node;
  for (int step = 0; step < 40; ++step) {
    const Ruleset before = node.planned();
    auto packets = packets_between(random, cluster);
    std::vector<policy::Event> events;
    for (std::size_t n = 1 + below(random, most); n > 0; --n) {
      events.push_back(random_event(random, cluster));
      apply_event(cluster, events.back());
    }
    const auto more = packets_between(random, cluster);
    packets.insert(packets.end(), more.begin(), more.end());
    const nft::Plan plan = node.step(events);
    if (step > 0) check_steps(before, plan, packets, exact);
  }
}

TEST_CASE("while one object changes, no packet fares otherwise than before and after") {
  for_each_seed(40, [](Random& random) { change(random, 1, true); });
}

TEST_CASE("while objects change, no packet is dropped that passes before and after") {
  for_each_seed(40, [](Random& random) { change(random, 6, false); });
}

TEST_CASE("while a table is made, no packet is dropped that it lets pass") {
  for_each_seed(150, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const auto plan = nft::diff({}, ruleset_from_scratch(objects_of(cluster)));
    check_steps({}, plan, packets_between(random, cluster), true);
  });
}

}  // namespace
}  // namespace selvage::testing

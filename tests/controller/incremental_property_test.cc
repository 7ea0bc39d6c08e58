#include <catch2/catch.hpp>

#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

namespace selvage::testing {
namespace {

/// Applies the event to the cluster and notes it in words.
policy::Event next_event(Random& random, Cluster& cluster, std::string& story) {
  auto event = random_event(random, cluster);
  apply_event(cluster, event);
  story += (event.object ? "set " + describe({{event.key, *event.object}}) : "remove " + to_string(event.key) + "\n");
  return event;
}

/// The plan without elements that it takes out and puts back as they were (for their comments).
nft::Plan without_rewritten(nft::Plan plan, const nft::Ruleset& before) {
  for (auto& [key, table] : plan.tables) {
    for (auto& [name, change] : table.elements) {
      const auto& sets = before.at(key).sets;
      for (auto it = change.add.begin(); it != change.add.end();) {
        const bool rewritten = change.del.count(it->first) > 0 && sets.at(name).elements.at(it->first) == it->second;
        if (rewritten) change.del.erase(it->first);
        it = rewritten ? change.add.erase(it) : std::next(it);
      }
    }
    std::erase_if(table.elements,
                  [](const auto& entry) { return entry.second.add.empty() && entry.second.del.empty(); });
  }
  std::erase_if(plan.tables, [](const auto& entry) { return entry.second.empty(); });
  return plan;
}

void check_same(const nft::Ruleset& incremental, const nft::Ruleset& fresh, const std::string& what) {
  if (incremental == fresh) return;
  FAIL(what << "\n--- incremental\n" << nft::to_text(incremental) << "--- from nothing\n" << nft::to_text(fresh));
}

/// Feeds random steps of at most `most` events each; after each, everything must agree.
void follow(Random& random, int steps, std::size_t most, const controller::RenderOptions& options = {}) {
  Cluster cluster;
  IncrementalNode node(options);
  std::string story;
  for (int i = 0; i < steps; ++i) {
    story += "-- step " + std::to_string(i) + "\n";
    std::vector<policy::Event> events;
    for (std::size_t n = 1 + below(random, most); n > 0; --n) events.push_back(next_event(random, cluster, story));
    INFO(story);
    const nft::Ruleset before = node.planned();
    const nft::Plan plan = node.step(events);
    const nft::Ruleset fresh = ruleset_from_scratch(objects_of(cluster), options);
    check_same(node.rendered(), fresh, "the incremental compiler's records render to other tables");
    check_same(node.planned(), fresh, "the plan leads to other tables");
    const nft::Plan smallest = nft::diff(before, fresh);
    if (without_rewritten(plan, before) != smallest) {
      FAIL("the plan is not the smallest one\n--- plan\n"
           << nft::to_text(plan) << "--- diff\n"
           << nft::to_text(smallest));
    }
  }
}

TEST_CASE("event by event, the tables and the plans are those of the objects alone") {
  for_each_seed(60, [](Random& random) { follow(random, 50, 1); });
}

TEST_CASE("with many events in one step, the tables and the plans are those of the objects alone") {
  for_each_seed(40, [](Random& random) { follow(random, 20, 12); });
}

TEST_CASE("with a log of denied packets and counters of allowed ones, too, the plans are those of the objects alone") {
  controller::RenderOptions options;
  options.log_group = 700;
  options.policy_counters = true;
  for_each_seed(40, [&](Random& random) { follow(random, 40, 2, options); });
}

TEST_CASE("whatever order objects arrive in, the tables are the same") {
  for_each_seed(150, [](Random& random) {
    const Cluster cluster = random_cluster(random, 5 + below(random, 40));
    INFO(describe(cluster));
    auto objects = objects_of(cluster);
    const nft::Ruleset sorted = ruleset_from_scratch(objects);
    for (std::size_t i = objects.size(); i > 1; --i) std::swap(objects[i - 1], objects[below(random, i)]);
    check_same(ruleset_from_scratch(objects), sorted, "another order makes other tables");
  });
}

}  // namespace
}  // namespace selvage::testing

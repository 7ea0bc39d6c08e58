#include <algorithm>
#include <catch2/catch.hpp>

#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/controller/rulesets.h"
#include "tests/controller/state_lists.h"

namespace selvage::testing {
namespace {

using Events = std::vector<policy::Event>;

/// Cuts a state's events into the steps in which the node gets them.
using Cut = std::vector<Events> (*)(const Events& events);

std::vector<Events> at_once(const Events& events) { return {events}; }

std::vector<Events> at_once_reversed(const Events& events) { return {Events(events.rbegin(), events.rend())}; }

std::vector<Events> one_by_one(const Events& events) {
  std::vector<Events> steps;
  for (const auto& event : events) steps.push_back({event});
  return steps;
}

/// Each event is repeated, and all are repeated at the end.
std::vector<Events> repeated(const Events& events) {
  std::vector<Events> steps;
  for (const auto& event : events) steps.push_back({event, event});
  steps.push_back(events);
  return steps;
}

void check_list(const StateList& list, Cut cut) {
  IncrementalNode node;
  Cluster current;
  for (const auto& state : list.states) {
    INFO(list.name << ": " << state.name);
    for (const auto& step : cut(events_between(current, state.cluster))) node.step(step);
    current = state.cluster;
    const nft::Ruleset fresh = ruleset_from_scratch(objects_of(current));
    if (node.rendered() == fresh && node.planned() == fresh) continue;
    FAIL("rendered by increments:\n"
         << nft::to_text(node.rendered()) << "by plans:\n"
         << nft::to_text(node.planned()) << "from nothing:\n"
         << nft::to_text(fresh));
  }
  SUCCEED(list.name);
}

TEST_CASE("the tables at a state do not depend on how it was reached") {
  const auto lists = expanded_state_lists(written_state_lists());
  for (const Cut cut : {at_once, at_once_reversed, one_by_one, repeated}) {
    for (const auto& list : lists) check_list(list, cut);
  }
}

TEST_CASE("a step that changes nothing has an empty plan") {
  for (const auto& list : written_state_lists()) {
    for (const auto& state : list.states) {
      INFO(list.name << ": " << state.name);
      IncrementalNode node;
      const auto events = events_between({}, state.cluster);
      node.step(events);
      CHECK(node.step(events).empty());
    }
  }
}

}  // namespace
}  // namespace selvage::testing

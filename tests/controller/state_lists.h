#pragma once

#include <string>
#include <vector>

#include "tests/support/random_cluster.h"

namespace selvage::testing {

/// A cluster at one moment.
struct ClusterState {
  std::string name;
  Cluster cluster;
};

/// States that a cluster goes through, one after the other.
struct StateList {
  std::string name;
  std::vector<ClusterState> states;
};

/// The lists as written, each a story of its own.
[[nodiscard]] std::vector<StateList> written_state_lists();

/// Each list of `written` and what can be made of it mechanically: reversed, every state twice, with
/// empty clusters in between, squashed to first and last, from each state to each other one; and all
/// lists one after the other, forwards and backwards.
[[nodiscard]] std::vector<StateList> expanded_state_lists(const std::vector<StateList>& written);

/// The events that lead from one cluster to the other: removals, then what is new or changed.
[[nodiscard]] std::vector<policy::Event> events_between(const Cluster& before, const Cluster& after);

}  // namespace selvage::testing

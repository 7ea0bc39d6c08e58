#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "policy/model/model.h"
#include "tests/support/reference_oracle.h"

/// Random clusters from vocabularies small enough for frequent collisions: addresses, labels, ports,
/// names. The same seed gives the same cluster on every machine.
namespace selvage::testing {

using Random = std::mt19937_64;
using Cluster = std::map<policy::ObjectKey, policy::Object>;

/// The node whose policy tests compile; random pods run on it, on another or nowhere yet.
inline constexpr const char* kNode = "node-a";

/// A number from 0 to `bound` - 1.
[[nodiscard]] std::size_t below(Random& random, std::size_t bound);
/// True with a probability of `percent` %.
[[nodiscard]] bool chance(Random& random, unsigned percent);

/// The cluster's objects in key order.
[[nodiscard]] std::vector<policy::Object> objects_of(const Cluster& cluster);
/// The API server's objects after the event.
void apply_event(Cluster& cluster, const policy::Event& event);

/// A cluster of about `size` objects.
[[nodiscard]] Cluster random_cluster(Random& random, std::size_t size);
/// Some change of `cluster`: an object appears, goes or changes (labels, address, phase, node), or
/// an event that changes nothing.
[[nodiscard]] policy::Event random_event(Random& random, const Cluster& cluster);
/// The same, policies and namespaces with a mode now and then.
[[nodiscard]] policy::Event random_staged_event(Random& random, const Cluster& cluster);
/// A packet, mostly between pods, near block boundaries and on ports that policies name.
[[nodiscard]] FirstPacket random_packet(Random& random, const Cluster& cluster);

/// A whole cluster as text, one object on each line, for failure messages.
[[nodiscard]] std::string describe(const Cluster& cluster);

}  // namespace selvage::testing

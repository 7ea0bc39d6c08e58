#pragma once

#include <string>
#include <vector>

#include "lab/node.h"
#include "lab/probe.h"

namespace selvage::testing {

using namespace lab;

/// A connection through the cluster, tried over IPv4 and IPv6, and the expected result. `from` must outlive it.
struct Crossing {
  std::string title;  ///< for the reader, such as "client-1 to service server-2"
  const Namespace* from = nullptr;
  Addresses to;
  std::uint16_t port = 0;
  Transport transport = Transport::tcp;
  bool allowed = true;       ///< by the policies
  bool without_them = true;  ///< answered while there are no policies
};

/// The same crossings, with the results expected without policies.
std::vector<Crossing> without_policies(std::vector<Crossing> crossings);

/// Accepted results of a denied crossing.
enum class Closed : std::uint8_t {
  silent,      ///< dropped
  unanswered,  ///< dropped, or refused while no program listens on a node's port
};

/// Tries all at once and describes each unexpected result. Safe in any thread; throws std::runtime_error if a probe
/// cannot be made.
std::vector<std::string> surprises(const std::vector<Crossing>& crossings, Closed closed = Closed::silent);

/// Tries all until they are as expected, for a minute at most, and fails the test for each that is not. Whether all
/// are.
bool become(const std::vector<Crossing>& crossings);

}  // namespace selvage::testing

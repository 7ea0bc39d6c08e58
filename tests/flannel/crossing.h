#pragma once

#include <string>
#include <vector>

#include "lab/node.h"
#include "lab/probe.h"

namespace selvage::testing {

using namespace lab;

/// One way through the cluster that is tried over IPv4 and IPv6, and what is expected of it. `from` must outlive it.
struct Crossing {
  std::string title;  ///< for the reader, such as "client-1 to service server-2"
  const Namespace* from = nullptr;
  Addresses to;
  std::uint16_t port = 0;
  Transport transport = Transport::tcp;
  bool allowed = true;       ///< by the policies
  bool without_them = true;  ///< answered while there are no policies
};

/// The same crossings as they are while there are no policies.
std::vector<Crossing> without_policies(std::vector<Crossing> crossings);

/// What a crossing that is not allowed may come to.
enum class Closed : std::uint8_t {
  silent,      ///< dropped
  unanswered,  ///< dropped, or refused because a port of a node is nobody's for a moment
};

/// Tries all at once and describes each that is not as expected. Safe in any thread; throws std::runtime_error where a
/// probe cannot be made.
std::vector<std::string> surprises(const std::vector<Crossing>& crossings, Closed closed = Closed::silent);

/// Tries all until they are as expected, for a minute at most, and fails the test for each that is not. Whether all
/// are.
bool become(const std::vector<Crossing>& crossings);

}  // namespace selvage::testing

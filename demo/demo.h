#pragma once

#include <cstdint>
#include <filesystem>

namespace selvage::demo {

enum class Colour : std::uint8_t {
  automatic,  ///< on a terminal, unless NO_COLOR is set (no-color.org) or TERM is "dumb"
  always,
  never,
};

struct DemoOptions {
  /// The folder of the shop's policies (examples/ of the source tree).
  std::filesystem::path examples = "examples";
  /// The selvage program that runs as the node's agent.
  std::filesystem::path agent = "selvage";
  Colour colour = Colour::automatic;
  /// After the last step, keep everything running to be looked at, until SIGINT or SIGTERM.
  bool keep = false;
};

/// Plays the shop of examples/ on a node in network namespaces with a real agent, and prints a matrix of measured
/// connections at each step. Needs root. Takes SIGINT, SIGTERM, SIGHUP and SIGPIPE while it runs; leaves nothing
/// behind. Returns the exit code of the program: 0 when every connection was as expected, 1 when one was not or the
/// demo could not be run (the reason is on standard error), 128 + signal when it was interrupted.
int run_demo(const DemoOptions& options);

}  // namespace selvage::demo

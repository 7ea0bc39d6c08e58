#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/datapath/traffic.h"

namespace selvage::bench {

/// The amount of measurement.
struct Extent {
  int rounds = 15;
  std::chrono::milliseconds slice{8};
};

/// A layout, or a text for `nft -f` that is tried beside the layouts.
struct Candidate {
  Layout layout = Layout::none;
  std::string file;

  [[nodiscard]] std::string name() const { return file.empty() ? to_string(layout) : file; }
};

/// All layouts on one scene, each in a testbed of its own, measured in turns: a round is one slice of each, in an order
/// that rotates from round to round. Ratios are formed within a round.
class Comparison {
 public:
  /// A layout that the machine cannot load is left out, and a line gives the reason.
  Comparison(const Scene& scene, const std::vector<Candidate>& candidates);

  /// Measures `work` and prints a line for each layout.
  void measure(Work work, const Extent& extent);
  /// Prints the `nft list ruleset` of each.
  void show() const;

 private:
  struct Contender {
    std::string name;
    std::unique_ptr<Testbed> testbed;
    std::unique_ptr<Traffic> traffic;
  };
  using OfLayouts = std::map<std::string, std::vector<double>>;

  void add(const Candidate& candidate);
  void print(Work work, const OfLayouts& rounds) const;

  Scene scene_;
  std::vector<Contender> contenders_;
};

}  // namespace selvage::bench

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <vector>

#include "bench/datapath/traffic.h"

namespace selvage::bench {

/// How much is measured.
struct Extent {
  int rounds = 15;
  std::chrono::milliseconds slice{8};
};

/// All layouts on one scene, each in a testbed of its own, measured in turns: a round is one slice of each, in an order
/// that moves on from round to round. Ratios are those of one round.
class Comparison {
 public:
  /// A layout that the machine cannot load is left out, and a line says why.
  Comparison(const Scene& scene, const std::vector<Layout>& layouts);

  /// Measures `work` and prints a line for each layout.
  void measure(Work work, const Extent& extent);

 private:
  struct Contender {
    Layout layout;
    std::unique_ptr<Testbed> testbed;
    std::unique_ptr<Traffic> traffic;
  };
  using Rounds = std::map<Work, std::map<Layout, std::vector<double>>>;

  void add(Layout layout);
  void print(Work work, const std::map<Layout, std::vector<double>>& rounds) const;

  Scene scene_;
  std::vector<Contender> contenders_;
};

}  // namespace selvage::bench

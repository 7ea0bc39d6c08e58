// The cost of a packet under Selvage and under alternative layouts, in equal namespaces, in turns. Prints a JSON line
// for each figure. Run as root.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "bench/datapath/comparison.h"
#include "bench/program.h"
#include "lab/netns.h"

namespace selvage::bench {
namespace {

const std::vector<Work> kAllWork = {Work::udp_judged,      Work::udp_established, Work::udp_denied,
                                    Work::tcp_connections, Work::tcp_request_p50, Work::tcp_bulk};
const std::vector<Work> kFewWork = {Work::udp_judged, Work::tcp_connections};

struct Point {
  Scene scene;
  std::vector<Work> work;
};

/// One axis at a time, from 100 policies and 10,000 pods.
std::vector<Point> all_points() {
  std::vector<Point> points;
  for (const std::size_t policies : {0U, 1U, 10U, 100U, 1000U})
    points.push_back({{false, policies, 10'000, 0, false}, kAllWork});
  for (const std::size_t pods : {100U, 50'000U}) points.push_back({{false, 100, pods, 0, false}, kFewWork});
  for (const std::size_t blocks : {1U, 100U, 10'000U})
    points.push_back({{false, 100, 10'000, blocks, false}, kFewWork});
  points.push_back({{false, 100, 10'000, 0, true}, kFewWork});
  for (const std::size_t policies : {0U, 10U, 100U, 1000U})
    points.push_back({{true, policies, 10'000, 0, false}, kAllWork});
  return points;
}

/// The figures that a regression would show in first.
std::vector<Point> quick_points() {
  return {{{false, 100, 1'000, 0, false}, kAllWork},
          {{false, 100, 1'000, 100, true}, {Work::udp_judged}},
          {{true, 100, 1'000, 0, false}, {Work::udp_established, Work::tcp_request_p50}}};
}

/// Only checks that everything runs.
std::vector<Point> tiny_points() {
  return {{{false, 3, 20, 2, true}, kAllWork}, {{true, 2, 20, 0, false}, {Work::udp_judged, Work::tcp_bulk}}};
}

struct Options {
  std::string size = "full";
  Extent extent;
  std::vector<std::string> only;  ///< layouts; none: all
  std::vector<std::string> tries;
  bool show = false;
};

std::vector<Candidate> candidates_of(const Options& options) {
  std::vector<Candidate> candidates;
  for (const Layout layout : kLayouts) {
    const auto& only = options.only;
    const bool wanted = only.empty() || std::find(only.begin(), only.end(), to_string(layout)) != only.end();
    if (wanted || layout == Layout::none) candidates.push_back({layout, ""});
  }
  for (const std::string& file : options.tries) candidates.push_back({Layout::none, file});
  return candidates;
}

void measure_all(const Options& options) {
  const std::string& size = options.size;
  lab::sweep_leftovers();
  for (const Point& point : size == "full" ? all_points() : size == "quick" ? quick_points() : tiny_points()) {
    Comparison comparison(point.scene, candidates_of(options));
    if (options.show) return comparison.show();
    for (const Work work : point.work) comparison.measure(work, options.extent);
  }
}

int run(int argc, char** argv) {
  CLI::App app("The cost of packets under several layouts of the same policies");
  Options options;
  std::size_t milliseconds = 8;
  app.add_option("--size", options.size, "How much to measure")->check(CLI::IsMember({"full", "quick", "tiny"}));
  app.add_option("--rounds", options.extent.rounds, "Rounds for each figure")->capture_default_str();
  app.add_option("--slice", milliseconds, "Milliseconds of one slice")->capture_default_str();
  app.add_option("--layouts", options.only, "Only these and none")->delimiter(',');
  app.add_option("--try", options.tries, "A file for nft -f, measured beside the layouts");
  app.add_flag("--show", options.show, "Print the rulesets of the first point, measure nothing");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  options.extent.slice = std::chrono::milliseconds(milliseconds);
  measure_all(options);
  return 0;
}

}  // namespace
}  // namespace selvage::bench

int main(int argc, char** argv) {
  return selvage::bench::run_program("bench_datapath", selvage::bench::run, argc, argv);
}

// Latency from "the API server has accepted the change" to "the first packet meets the new policy", by cluster size,
// with the real API server and the real agent. Run as root.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "bench/api_latency/bench.h"
#include "bench/program.h"

namespace selvage::bench {
namespace {

BenchOptions read_options(CLI::App& app, int argc, char** argv) {
  BenchOptions options;
  std::size_t interval = 100;
  app.add_option("--pods", options.pods, "Numbers of pods, growing")->delimiter(',')->capture_default_str();
  app.add_option("--policies", options.policies, "Numbers of policies, at each number of pods")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--changes", options.changes, "Changes to make at each size")->capture_default_str();
  app.add_option("--starts", options.starts, "Starts of the agent at each size, at least 1")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--interval", interval, "Microseconds between two packets")->capture_default_str();
  app.add_flag("--standing-flow", options.standing_flow, "Send on one connection all the time");
  app.add_flag("!--no-watch-clients", options.watch_clients, "No bare watch clients beside the agent");
  app.add_option("--agent-log", options.agent_log, "File for the agent's log, which is appended to");
  app.parse(argc, argv);
  options.interval = std::chrono::microseconds(interval);
  return options;
}

int measure_all(const BenchOptions& options) {
  Bench bench(options);
  try {
    for (const std::size_t pods : options.pods)
      for (const std::size_t policies : options.policies) bench.measure(pods, policies);
  } catch (const std::exception& error) {
    const std::string log = bench.log();
    std::fprintf(stderr, "bench_api_latency: %s\nThe agent's last words:\n%s", error.what(),
                 log.substr(log.size() - std::min<std::size_t>(log.size(), 4000)).c_str());
    return 1;
  }
  return 0;
}

int run(int argc, char** argv) {
  CLI::App app("Time from a change that the API server accepted to packets judged by it");
  try {
    return measure_all(read_options(app, argc, argv));
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
}

}  // namespace
}  // namespace selvage::bench

int main(int argc, char** argv) {
  return selvage::bench::run_program("bench_api_latency", selvage::bench::run, argc, argv);
}

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "lab/manifest.h"
#include "must.h"
#include "scene.h"

/// Runs agents under random faults for the requested time, and compares real packets between namespaces with the oracle
/// throughout. Needs root. Exit code 0: every result was one that the oracle accepts.
namespace selvage::soak {
namespace {

struct Options {
  unsigned seconds = 300;
  std::uint64_t seed = 0;
  bool trace = false;
  std::string agent = SELVAGE_BINARY;
  std::vector<std::string> scenes = {"restarts", "steady", "refusals"};
};

/// One scene from its beginning to its report.
class Run {
 public:
  Run(const Options& options, std::string name, std::uint64_t number)
      : folder_(must(lab::TemporaryFolder::create())),
        setting_{std::move(name), options.seed * 10 + number, options.agent, folder_.path(), options.trace},
        until_(Clock::now() + std::chrono::seconds(options.seconds)),
        thread_([this] { play(); }) {}

  /// Waits for the end. What it was like, and whether all was right.
  bool report(std::uint64_t seed) {
    thread_.join();
    std::cout << report_ << std::flush;
    if (right_) return true;
    std::cout << "failed: again with --seed " << seed << " --scene " << setting_.name << "\n";
    return false;
  }

 private:
  void play() {
    try {
      const auto scene = setting_.name == "restarts" ? restarts_scene(setting_)
                         : setting_.name == "steady" ? steady_scene(setting_)
                                                     : refusals_scene(setting_);
      play(*scene);
    } catch (const std::exception& error) {
      report_ += setting_.name + ": " + error.what() + "\n";
    }
  }
  void play(Scene& scene) {
    Complaints& complaints = scene.stage().complaints();
    try {
      scene.run(until_);
    } catch (const std::exception& error) {
      complaints.add(error.what());
    }
    if (!complaints.any()) scene.stage().check_watchers();
    right_ = !complaints.any();
    report_ = scene.stage().summary() + "\n" + scene.summary() + (scene.summary().empty() ? "" : "\n");
    for (const std::string& text : complaints.all()) report_ += "WRONG: " + text + "\n";
    if (!right_) report_ += scene.stage().last_words() + "agent's log:\n" + scene.log_tail() + "\n";
  }

  lab::TemporaryFolder folder_;
  Setting setting_;
  Moment until_;
  bool right_ = false;
  std::string report_;
  std::thread thread_;
};

int soak(Options options) {
  if (options.seed == 0) options.seed = std::random_device()();
  std::cout << "soak: --seed " << options.seed << ", " << options.seconds << " s\n" << std::flush;
  lab::sweep_leftovers();
  std::deque<Run> runs;
  std::uint64_t number = 0;
  for (const std::string& scene : options.scenes) runs.emplace_back(options, scene, ++number);
  bool right = true;
  for (Run& run : runs) right = run.report(options.seed) && right;
  std::cout << (right ? "soak: all as it should be" : "soak: FAILED") << ", --seed " << options.seed << "\n";
  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Runs agents under random faults, and compares real packets with the oracle.");
  app.add_option("--seconds", options.seconds, "how long")
      ->envname("SELVAGE_SOAK_SECONDS")
      ->take_last()
      ->capture_default_str();
  app.add_option("--seed", options.seed, "what is done follows from it; 0: any")->envname("SELVAGE_SOAK_SEED");
  app.add_option("--agent", options.agent, "the selvage binary")->capture_default_str();
  app.add_option("--scene", options.scenes, "restarts, steady or refusals; default: all at once")
      ->check(CLI::IsMember({"restarts", "steady", "refusals"}));
  app.add_flag("--trace", options.trace, "print each action");
  CLI11_PARSE(app, argc, argv);
  spdlog::set_level(spdlog::level::off);
  return soak(options);
}

}  // namespace
}  // namespace selvage::soak

int main(int argc, char** argv) { return selvage::soak::main(argc, argv); }

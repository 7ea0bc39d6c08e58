#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "cluster.h"

/// `selvage-demo` as a user runs it.
namespace selvage::packets {
namespace {

/// Enough for a busy machine.
constexpr std::chrono::minutes kGenerousLimit{4};

/// A running demo, its output in a file.
struct Demo {
  Namespace where = Namespace::create("demo").value();
  TemporaryFolder folder = TemporaryFolder::create().value();
  Process process;

  explicit Demo(const std::string& examples = SELVAGE_EXAMPLES, const Argv& more = {})
      : process(Process::start(where, command(examples, more), log()).value()) {}

  [[nodiscard]] std::filesystem::path log() const { return folder.path() / "log"; }
  [[nodiscard]] std::string output() const { return read_whole(log()).value_or(""); }
  /// Namespaces that the demo's process has created and not removed.
  [[nodiscard]] int leftovers() const {
    const std::string prefix = "selvage-" + std::to_string(process.pid()) + "-";
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/run/netns"))
      count += entry.path().filename().string().starts_with(prefix) ? 1 : 0;
    return count;
  }
  bool prints(const std::string& text) {
    return eventually([&] { return output().find(text) != std::string::npos || process.wait(milliseconds(20)); });
  }

 private:
  static Argv command(const std::string& examples, const Argv& more) {
    Argv all{SELVAGE_DEMO, "--examples", examples};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
};

}  // namespace

TEST_CASE("the demo runs to its end as expected and leaves nothing behind") {
  Demo demo;
  CHECK(demo.process.wait(kGenerousLimit) == 0);
  INFO(demo.output());
  CHECK(demo.output().find("Step 4 of 4") != std::string::npos);
  CHECK(demo.output().find("Every connection was as expected") != std::string::npos);
  CHECK(demo.output().find('\x1b') == std::string::npos);  // neither colours nor progress in a file
  CHECK(demo.leftovers() == 0);
}

TEST_CASE("the demo's help lists its options and exit codes, and a wrong command line is refused") {
  const std::string help = run({SELVAGE_DEMO, "--help"}).value_or("");
  for (const std::string text : {"--examples", "--keep", "--colour", "--selvage", "Exit codes"}) {
    INFO(text);
    CHECK(help.find(text) != std::string::npos);
  }
  Demo demo(SELVAGE_EXAMPLES, {"--colour", "blue"});
  CHECK(demo.process.wait(kGenerousLimit) == 2);
  CHECK(demo.output().find("blue") != std::string::npos);
}

TEST_CASE("an interrupted demo ends with the signal's code and leaves nothing behind") {
  for (const int signal : {SIGINT, SIGTERM}) {
    Demo demo;
    CHECK(demo.prints("Step 2 of 4"));
    CHECK(demo.leftovers() > 0);
    CHECK(demo.process.stop(signal) == 128 + signal);
    CHECK(demo.leftovers() == 0);
  }
}

TEST_CASE("a demo with --keep stays until it is interrupted") {
  Demo demo(SELVAGE_EXAMPLES, {"--keep"});
  CHECK(demo.prints("ip netns exec"));
  CHECK(demo.leftovers() > 0);
  CHECK(demo.process.stop(SIGINT) == 0);
  CHECK(demo.leftovers() == 0);
}

TEST_CASE("a demo without its examples names the missing folder, fails, and leaves nothing behind") {
  Demo demo("/nonexistent");
  CHECK(demo.process.wait(kGenerousLimit) == 1);
  CHECK(demo.output().find("/nonexistent") != std::string::npos);
  CHECK(demo.leftovers() == 0);
}

}  // namespace selvage::packets

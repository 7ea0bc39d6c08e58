#include "demo/demo.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/signal_mask.h"
#include "demo/progress.h"
#include "demo/stage.h"

namespace selvage::demo {
namespace {

using Clock = std::chrono::steady_clock;

/// How long it may take until a step's connections are as expected; a second, on a machine without other load.
constexpr std::chrono::seconds kStepPatience{60};
constexpr lab::milliseconds kRoundPause{100};

volatile std::sig_atomic_t interrupted_by = 0;

/// Notes SIGINT, SIGTERM, SIGHUP and SIGPIPE in interrupted_by instead of dying, so that destructors run; gives the old
/// handling back at the end.
class Interruption {
 public:
  Interruption() {
    interrupted_by = 0;
    struct sigaction note {};
    note.sa_handler = [](int signal) { interrupted_by = signal; };
    for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &note, &before_[i]);
  }
  ~Interruption() {
    for (std::size_t i = 0; i < std::size(kSignals); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  }
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
  struct sigaction before_[std::size(kSignals)]{};
};

bool wants_colour(Colour colour) {
  if (colour != Colour::automatic) return colour == Colour::always;
  const char* no_color = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return isatty(STDOUT_FILENO) == 1 && !dumb && (no_color == nullptr || *no_color == '\0');
}

/// Plays the steps and prints them.
class Play {
 public:
  Play(const DemoOptions& options, Stage stage) : stage_(std::move(stage)), coloured_(wants_colour(options.colour)) {}

  /// Whether all steps were as expected. An interruption is an error.
  Result<bool> run();
  void keep() const;

 private:
  Result<Matrix> measure(const story::Step& step);

  Stage stage_;
  bool coloured_;
  Progress progress_;
};

constexpr const char* kIntroduction =
    "This demo builds a node with six pods from network namespaces, starts a real agent on it, and applies the\n"
    "policies of examples/ in four steps. After each step it measures connections between the pods. It takes about\n"
    "ten seconds and changes nothing outside of its namespaces, which it removes at the end.\n\n"
    "A cell of the matrix shows the expected verdict, then the result over IPv4 and over IPv6: + connected, - "
    "dropped,\n"
    "and a trailing ! where they differ.\n";

Result<bool> Play::run() {
  const std::vector<story::Step> steps = story::steps();
  bool good = true;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::cout << "\nStep " << i + 1 << " of " << steps.size() << ": " << steps[i].title << "\n  " << steps[i].change
              << "\n\n"
              << std::flush;
    if (const Result<void> done = stage_.apply(steps[i]); !done) return tl::unexpected<Error>(done.error());
    const Result<Matrix> matrix = measure(steps[i]);
    if (!matrix) return tl::unexpected<Error>(matrix.error());
    if (interrupted_by != 0) return fail("interrupted; the namespaces are removed", EINTR);
    std::cout << to_text(*matrix, coloured_) << "\n  " << summary(*matrix) << "\n" << std::flush;
    good = good && matrix->right() == matrix->total();
  }
  if (!good) std::cerr << "the agent's log:\n" << stage_.agent_log();
  return good;
}

/// Measures until everything is as expected, or the step's time is over.
Result<Matrix> Play::measure(const story::Step& step) {
  const Clock::time_point deadline = Clock::now() + kStepPatience;
  progress_.show("  measuring connections");
  while (true) {
    const Result<Matrix> matrix = stage_.measure(step);
    if (!matrix) return matrix;
    const bool right = matrix->right() == matrix->total();
    if (right || interrupted_by != 0 || Clock::now() >= deadline) {
      progress_.clear();
      return matrix;
    }
    if (const Result<void> alive = stage_.watch_agent(kRoundPause); !alive) return tl::unexpected<Error>(alive.error());
    progress_.show("  waiting for the agent: " + std::to_string(matrix->right()) + " of " +
                   std::to_string(matrix->total()) + " connections as expected");
  }
}

void Play::keep() const {
  std::cout << "\n" << stage_.tour() << std::flush;
  // Otherwise a signal between the test and the wait would be missed.
  const BlockedSignals blocked;
  while (interrupted_by == 0) ppoll(nullptr, 0, nullptr, &blocked.before());
}

Result<bool> play(const DemoOptions& options) {
  std::cout << kIntroduction << std::flush;
  const Progress progress;
  Result<Stage> stage = Stage::build(options, progress);
  progress.clear();
  if (!stage) return tl::unexpected<Error>(stage.error());
  Play show(options, std::move(*stage));
  Result<bool> good = show.run();
  if (good && options.keep) show.keep();
  return good;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  const Interruption interruption;
  const Clock::time_point begun = Clock::now();
  const Result<bool> good = play(options);
  if (!good) {
    std::cerr << "selvage-demo: " << good.error().message << "\n";
    return interrupted_by != 0 ? 128 + interrupted_by : 1;
  }
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(Clock::now() - begun).count();
  std::cout << "\n"
            << (*good ? "Every connection was as expected" : "Some connections were NOT as expected") << "; " << seconds
            << " s. The namespaces are removed.\n";
  return *good ? 0 : 1;
}

}  // namespace selvage::demo

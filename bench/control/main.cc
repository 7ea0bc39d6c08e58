// The cost of enforcing a cluster from nothing, and of each change after that, for one controller. Prints a JSON line
// for each figure. One process for each controller and size, since memory is measured for the process. Run as root.
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/clock.h"
#include "bench/cold_caches.h"
#include "bench/control/changes.h"
#include "bench/control/subject.h"
#include "bench/control/usage.h"
#include "bench/durations.h"
#include "bench/figures.h"
#include "bench/need.h"
#include "bench/program.h"
#include "bench/realtime.h"
#include "bench/world.h"

namespace selvage::bench {
namespace {

struct Options {
  std::string subject = "Selvage";
  std::size_t pods = 10'000;
  std::size_t policies = 1000;
  std::size_t repeats = 11;
  bool restart = false;
  std::vector<std::string> only;  ///< changes; none: all
};

Figure figure_of(const char* name, const Options& options) {
  return Figure(name).with("subject", options.subject).with("pods", options.pods).with("policies", options.policies);
}

void take_in_cluster(Subject& subject, const Options& options) {
  for (const policy::Object& object : make_world(0, options.policies)) subject.apply(policy::upsert(object));
  for (std::size_t i = 0; i < options.pods; ++i) subject.apply(policy::upsert(make_pod(i)));
}

void start(const char* figure, Subject& subject, const Options& options) {
  take_in_cluster(subject, options);
  const CpuTime before = CpuTime::now();
  const Moment begun = Clock::now();
  subject.enforce();
  const double took = ms(Clock::now() - begun);
  const CpuTime used = CpuTime::now().since(before);
  const PeakMemory peak = PeakMemory::now();
  figure_of(figure, options)
      .with("ms", took)
      .with("cpu_ms", used.user_ms + used.system_ms)
      .with("rss_mib", peak.own)
      .with("child_rss_mib", peak.child)
      .print();
}

/// An earlier process has enforced everything and ended: a separate process, since memory is measured for the process.
void enforce_before(const lab::Namespace& where, const Options& options) {
  const pid_t child = fork();
  if (child == 0) {
    const auto subject = make_subject(options.subject, where);
    take_in_cluster(*subject, options);
    subject->enforce();
    std::_Exit(0);
  }
  int status = -1;
  if (child < 0 || waitpid(child, &status, 0) != child || status != 0) throw std::runtime_error("nothing was enforced");
}

double quantile(std::vector<double> values, double at) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(std::lround(at * static_cast<double>(values.size() - 1)))];
}

/// A step of a rolling update needs pods to replace; a namespace appears once.
std::size_t repeats_of(const Change& change, const Options& options) {
  if (change.name.find("appears") != std::string::npos) return 1;
  if (change.name.find("rolling") != std::string::npos) return std::min<std::size_t>(options.repeats, 10);
  return options.repeats;
}

/// CPU time of changes before they are committed, each starting with cold caches: the same change is made to different
/// objects.
std::vector<double> times_before_commit(Subject& subject, const Change& change, std::size_t repeats) {
  std::vector<double> times;
  for (std::size_t i = repeats; i < 2 * repeats; ++i) {
    const std::vector<policy::Event> events = change.events(i);
    empty_caches();
    const double cpu = thread_cpu_ms();
    const double committing = subject.committing_ms();
    for (const policy::Event& event : events) subject.apply(event);
    subject.enforce();
    times.push_back(thread_cpu_ms() - cpu - (subject.committing_ms() - committing));
  }
  return times;
}

void measure(Subject& subject, const Change& change, const Options& options) {
  std::vector<double> times;
  std::vector<double> own_cpu;
  PeakMemory::forget_own();
  const CpuTime before = CpuTime::now();
  const std::size_t repeats = repeats_of(change, options);
  for (std::size_t i = 0; i < repeats; ++i) {
    const std::vector<policy::Event> events = change.events(i);
    const double cpu = thread_cpu_ms();
    const Moment begun = Clock::now();
    for (const policy::Event& event : events) subject.apply(event);
    subject.enforce();
    times.push_back(ms(Clock::now() - begun));
    own_cpu.push_back(thread_cpu_ms() - cpu);
  }
  const CpuTime used = CpuTime::now().since(before);
  const PeakMemory peak = PeakMemory::now();
  // The kernel counts nanoseconds for a process, ticks for its children.
  const double own = quantile(own_cpu, 0.5);
  const double all = (used.user_ms + used.system_ms) / static_cast<double>(repeats);
  Figure figure = figure_of("change", options);
  if (subject.committing_ms() > 0) {
    figure.with("before_commit_ms", quantile(times_before_commit(subject, change, repeats), 0.5));
  }
  figure.with("change", change.name)
      .with("ms", spread_of(times))
      .with("p99_ms", quantile(times, 0.99))
      .with("cpu_ms", options.subject == "Selvage" ? own : all)
      .with("rss_mib", peak.own)
      .with("repeats", repeats)
      .print();
}

void measure_all(const Options& options) {
  lab::sweep_leftovers();
  become_realtime();
  const lab::Namespace where = need(lab::Namespace::create("control"));
  if (options.restart) enforce_before(where, options);
  const auto subject = make_subject(options.subject, where);
  start(options.restart ? "restart" : "start", *subject, options);
  const auto& only = options.only;
  for (const Change& change : make_changes(options.pods, options.policies))
    if (only.empty() || std::find(only.begin(), only.end(), change.name) != only.end())
      measure(*subject, change, options);
}

int run(int argc, char** argv) {
  CLI::App app("The cost of changes");
  Options options;
  app.add_option("--subject", options.subject, "Who enforces")->check(CLI::IsMember(kSubjects))->capture_default_str();
  app.add_option("--pods", options.pods, "Pods of the cluster")->capture_default_str();
  app.add_option("--policies", options.policies, "Policies of the cluster")->capture_default_str();
  app.add_option("--repeats", options.repeats, "How often each change is made")->capture_default_str();
  app.add_flag("--restart", options.restart, "It is all enforced when it begins, as left by one that ran before");
  app.add_option("--changes", options.only, "Only these changes")->delimiter(';');
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  }
  measure_all(options);
  return 0;
}

}  // namespace
}  // namespace selvage::bench

int main(int argc, char** argv) {
  return selvage::bench::run_program("bench_control", selvage::bench::run, argc, argv);
}

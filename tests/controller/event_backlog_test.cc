#include "controller/events/event_backlog.h"

#include <catch2/catch.hpp>

#include "controller/events/last_error.h"

/// How many Events are written, by a clock of the test's own.
namespace selvage::controller {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const Moment kStart{hours(100)};

ClusterEvent about(const std::string& name, bool of_this_node = false) {
  ClusterEvent event;
  event.about = {policy::Kind::network_policy, "prod", name};
  event.name = name;
  event.of_this_node = of_this_node;
  return event;
}

bool put(EventBacklog& backlog, const ClusterEvent& event, Moment now) { return backlog.put(event, now, now); }

std::size_t intervals(Clock::duration in, Clock::duration interval) { return static_cast<std::size_t>(in / interval); }

/// Takes all whose turn it is, as they come in time, until `end`.
std::vector<std::string> written(EventBacklog& backlog, Moment from, Moment end) {
  std::vector<std::string> names;
  for (Moment now = from; backlog.due() && std::max(now, *backlog.due()) <= end;) {
    now = std::max(now, *backlog.due());
    const auto waiting = backlog.take(now);
    if (!waiting) continue;
    names.push_back(waiting->event.name);
    backlog.done();
  }
  return names;
}

}  // namespace

TEST_CASE("events go in the order in which they came, none before its time") {
  EventBacklog backlog;
  CHECK_FALSE(backlog.due());
  CHECK(backlog.put(about("a"), kStart, kStart + seconds(2)));
  CHECK(put(backlog, about("b"), kStart));
  CHECK(backlog.due() == kStart + seconds(2));
  CHECK_FALSE(backlog.take(kStart));
  CHECK(written(backlog, kStart, kStart + seconds(2)) == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(backlog.due());
}

TEST_CASE("about one object few are written, and others are not held up by it") {
  EventBacklog backlog;
  std::size_t taken = 0;
  for (int i = 0; i < 1000; ++i) taken += put(backlog, about("noisy"), kStart) ? 1 : 0;
  CHECK(taken == EventBacklog::kObjectBurst);
  CHECK(put(backlog, about("other"), kStart));
  CHECK(backlog.take_dropped() == 1000 - taken);
  CHECK(backlog.take_dropped() == 0);
  // In the long run one each interval.
  taken = 0;
  for (Moment now = kStart; now < kStart + hours(10); now += seconds(30)) {
    taken += put(backlog, about("noisy"), now) ? 1 : 0;
    (void)written(backlog, now, now);
  }
  CHECK(taken <= intervals(hours(10), EventBacklog::kObjectInterval));
  CHECK(taken >= intervals(hours(10), EventBacklog::kObjectInterval) - 1);
}

TEST_CASE("a flood about many objects is paced, bounded, and does not grow") {
  EventBacklog backlog;
  for (int i = 0; i < 100'000; ++i) put(backlog, about("p" + std::to_string(i)), kStart);
  CHECK(backlog.size() == EventBacklog::kMax);
  CHECK(written(backlog, kStart, kStart).size() == EventBacklog::kBurst);
  CHECK(written(backlog, kStart, kStart + minutes(1)).size() == intervals(minutes(1), EventBacklog::kInterval));
  // The flood over, everybody is heard again.
  const Moment later = kStart + hours(2);
  (void)written(backlog, later, later);
  CHECK(put(backlog, about("later"), later));
}

TEST_CASE("Events about this node come first, and have room when the backlog is full") {
  EventBacklog backlog;
  for (std::size_t i = 0; i < EventBacklog::kMax; ++i) REQUIRE(put(backlog, about("p" + std::to_string(i)), kStart));
  CHECK_FALSE(put(backlog, about("one too many"), kStart));
  CHECK_FALSE(put(backlog, about("node", true), kStart));  // somebody else goes
  CHECK(backlog.size() == EventBacklog::kMax);
  CHECK(backlog.take_dropped() == 2);
  CHECK(written(backlog, kStart, kStart).front() == "node");
}

TEST_CASE("what could not be written is tried again, later and later, and not longer than anybody wants to know") {
  EventBacklog backlog;
  put(backlog, about("a"), kStart);
  std::vector<Clock::duration> waits;
  Moment now = kStart;
  while (backlog.due()) {
    waits.push_back(*backlog.due() - now);
    now = *backlog.due();
    auto waiting = backlog.take(now);
    if (waiting) backlog.put_back(std::move(*waiting), now, seconds(0));
  }
  CHECK(std::is_sorted(waits.begin(), waits.end()));
  CHECK(waits.back() == minutes(1));
  CHECK(now >= kStart + EventBacklog::kTooOld);
  CHECK(now <= kStart + EventBacklog::kTooOld + minutes(2));
  CHECK(backlog.take_dropped() == 1);
}

TEST_CASE("one that is refused for ever does not hold up the others") {
  EventBacklog backlog;
  put(backlog, about("poison"), kStart);
  put(backlog, about("good"), kStart);
  backlog.put_back(*backlog.take(kStart), kStart, seconds(0));
  CHECK_FALSE(backlog.take(kStart));
  CHECK(written(backlog, kStart, kStart + seconds(1)).front() == "good");
}

TEST_CASE("a server that asks for time gets it, if it is not too long") {
  EventBacklog backlog;
  put(backlog, about("a"), kStart);
  backlog.put_back(*backlog.take(kStart), kStart, seconds(20));
  CHECK(backlog.due() == kStart + seconds(20));
  backlog.put_back(*backlog.take(kStart + seconds(20)), kStart + seconds(20), hours(1000));
  CHECK(*backlog.due() <= kStart + minutes(10));
}

TEST_CASE("an error is reported once it has lasted, and repeated while it lasts") {
  LastError error;
  CHECK_FALSE(error.lasts(kStart));
  CHECK_FALSE(error.lasts(kStart + LastError::kPatience - seconds(1)));
  CHECK(error.lasts(kStart + LastError::kPatience) == Clock::duration(LastError::kPatience));
  std::size_t reports = 0;
  for (Moment now = kStart + LastError::kPatience; now < kStart + hours(3); now += seconds(1)) {
    reports += error.lasts(now) ? 1 : 0;
  }
  CHECK(reports == intervals(hours(3), LastError::kReminder) - 1);
  error.ended();
  CHECK_FALSE(error.lasts(kStart + hours(4)));
}

}  // namespace selvage::controller

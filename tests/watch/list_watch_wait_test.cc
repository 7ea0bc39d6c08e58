#include <catch2/catch.hpp>
#include <cerrno>
#include <limits>

#include "tests/watch/list_watch_driver.h"

/// The waits after failures.
namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;
using Waits = std::vector<std::chrono::milliseconds>;

ListWatchOptions waiting(std::chrono::milliseconds first, std::chrono::milliseconds most) {
  ListWatchOptions options = paged();
  options.first_wait = first;
  options.max_wait = most;
  return options;
}

/// The waits after this number of refused connections in a row.
Waits waits_after_failures(Driver& driver, int times) {
  Waits waits;
  for (int i = 0; i < times; ++i) {
    driver.get();
    driver.breaks(ECONNREFUSED);
    waits.push_back(driver.wait());
  }
  return waits;
}

/// The wait after one failure, with this in Retry-After.
std::chrono::milliseconds wait_after(const ListWatchOptions& options, std::chrono::seconds retry_after) {
  Driver driver(options);
  driver.get();
  ApiStatus status = status_of(429, "TooManyRequests");
  status.retry_after = retry_after;
  driver.refuse(status);
  return driver.wait();
}

TEST_CASE("waits double from the first to the longest") {
  Driver driver(waiting(100ms, 1s));
  driver.set_chance(1);
  CHECK(waits_after_failures(driver, 6) == Waits{100ms, 200ms, 400ms, 800ms, 1s, 1s});
}

TEST_CASE("waits are randomly shortened by up to half") {
  Driver low(waiting(100ms, 1s));
  low.set_chance(0);
  CHECK(waits_after_failures(low, 6) == Waits{50ms, 100ms, 200ms, 400ms, 500ms, 500ms});
  Driver between(waiting(100ms, 1s));
  between.set_chance(0.5);
  CHECK(waits_after_failures(between, 2) == Waits{75ms, 150ms});
}

TEST_CASE("a wait is over at its end and not before") {
  Driver driver(waiting(100ms, 1s));
  driver.set_chance(1);
  driver.get();
  driver.refuse(500);
  driver.pass(99ms);
  CHECK(driver.wait() == 1ms);
  CHECK(driver.next() == "list");
}

TEST_CASE("Retry-After makes waits longer, up to a limit") {
  ListWatchOptions options = waiting(100ms, 1s);
  options.max_retry_after = 7500ms;
  CHECK(wait_after(options, 3s) == 3s);
  CHECK(wait_after(options, 7s) == 7s);
  CHECK(wait_after(options, 8s) == 7500ms);
  CHECK(wait_after(options, 0s) == 75ms);
  CHECK(wait_after(options, -5s) == 75ms);
  CHECK(wait_after(options, std::chrono::seconds::max()) == 7500ms);
  CHECK(wait_after(options, std::chrono::seconds::min()) == 75ms);
}

TEST_CASE("retryAfterSeconds of an ERROR, and of a refused watch, are honoured") {
  ApiStatus status = status_of(429, "TooManyRequests");
  status.retry_after = 3s;
  Driver driver(paged());
  reach_watch(driver);
  SECTION("ERROR 429") {
    driver.event(error_event(status));
    CHECK(driver.wait() == 3s);
  }
  SECTION("ERROR 500") {
    status.code = 500;
    driver.event(error_event(status));
    CHECK(driver.wait() == 3s);
  }
  SECTION("refused") {
    driver.pass(5min);
    driver.end();
    driver.get();
    driver.refuse(status);
    CHECK(driver.wait() == 3s);
  }
  CHECK(driver.next() == "watch 5");
}

TEST_CASE("a watch that ends normally is followed by the next at once, unless it ended at once") {
  Driver driver(waiting(100ms, 1s));
  reach_watch(driver);
  driver.pass(1s);
  driver.end();
  REQUIRE(driver.next() == "watch 5");
  driver.accept();
  driver.pass(999ms);
  driver.end();
  CHECK(driver.wait() == 75ms);
  REQUIRE(driver.next() == "watch 5");
  driver.accept();
  driver.event(event_of(Type::added, "6"));
  driver.end();
  CHECK(driver.wait() == 75ms);
  CHECK(driver.next() == "watch 6");
}

struct Reset {
  const char* what;
  void (*happens)(Driver& driver);  ///< in a watch from 5 that is accepted
  bool resets;
};

TEST_CASE("only a watch that makes progress or lasts resets the backoff") {
  const auto reset = GENERATE(
      Reset{"nothing", [](Driver&) {}, false},
      Reset{"a bookmark of the version that is known", [](Driver& driver) { driver.event(bookmark("5")); }, false},
      Reset{"a bookmark of a new version", [](Driver& driver) { driver.event(bookmark("6")); }, true},
      Reset{"an event", [](Driver& driver) { driver.event(event_of(Type::added, "6")); }, true},
      Reset{"nine seconds", [](Driver& driver) { driver.pass(9s); }, false},
      Reset{"ten seconds", [](Driver& driver) { driver.pass(10s); }, true});
  INFO(reset.what);
  Driver driver(waiting(100ms, 10s));
  driver.set_chance(1);
  waits_after_failures(driver, 3);
  reach_watch(driver);
  reset.happens(driver);
  driver.breaks(EPROTO);
  CHECK(driver.wait() == (reset.resets ? 100ms : 800ms));
}

TEST_CASE("a server whose watches all expire is asked for lists less and less often") {
  Driver driver(waiting(100ms, 1s));
  driver.set_chance(1);
  Waits waits;
  for (int i = 0; i < 6; ++i) {
    reach_watch(driver);
    driver.event(error_event(status_of(410, "Expired")));
    waits.push_back(driver.wait());
  }
  CHECK(waits == Waits{100ms, 200ms, 400ms, 800ms, 1s, 1s});
}

TEST_CASE("a page does not reset the backoff for the next one") {
  Driver driver(waiting(100ms, 1s));
  driver.set_chance(1);
  Waits waits;
  for (int i = 0; i < 3; ++i) {
    driver.get();
    driver.accept();
    driver.page("5", "A");
    driver.end();
    driver.get();
    driver.refuse(400);
    waits.push_back(driver.wait());
  }
  CHECK(waits == Waits{100ms, 200ms, 400ms});
}

}  // namespace
}  // namespace selvage::k8s_client

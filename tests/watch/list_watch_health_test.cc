#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/watch/list_watch_driver.h"

/// Health: since when changes may be missed, and why.
namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;

bool sees(const Driver& driver) { return !driver.machine().stale_since(); }
bool stale_since(const Driver& driver, Moment moment) { return driver.machine().stale_since() == moment; }
bool is_failing(const Driver& driver) { return !driver.machine().last_error().empty(); }

TEST_CASE("stale from the first request until a watch runs") {
  Driver driver(paged());
  driver.pass(1h);
  const Moment start = driver.now();
  driver.get();
  CHECK(stale_since(driver, start));
  driver.pass(1s);
  driver.breaks(ECONNREFUSED);
  CHECK(stale_since(driver, start));
  CHECK(is_failing(driver));
  driver.wait();
  const Moment listing = driver.now();
  driver.get();
  driver.pass(1s);
  driver.accept();
  driver.page("5", "A");
  CHECK_FALSE(is_failing(driver));
  driver.end();
  CHECK(stale_since(driver, start));
  driver.get();
  driver.pass(1s);
  driver.accept();
  driver.page("5");
  driver.end();
  CHECK(stale_since(driver, listing));  // the list is at least as new as its first request
  driver.get();
  CHECK(stale_since(driver, listing));
  driver.accept();
  CHECK(sees(driver));
  CHECK_FALSE(is_failing(driver));
}

TEST_CASE("a streamed list is not stale from its end on") {
  Driver driver;
  const Moment start = driver.now();
  driver.get();
  driver.pass(1s);
  driver.accept();
  driver.event(event_of(Type::added, "3"));
  CHECK(stale_since(driver, start));
  driver.event(list_end("5"));
  CHECK(sees(driver));
}

TEST_CASE("each end of a running watch makes it stale from that moment") {
  Driver driver(paged());
  reach_watch(driver);
  driver.pass(1s);
  driver.event(event_of(Type::added, "6"));
  driver.pass(1s);
  const Moment heard = driver.now();
  driver.event(bookmark("7"));
  driver.pass(2min);
  SECTION("in good order") {
    driver.end();
    CHECK(stale_since(driver, driver.now()));
    CHECK_FALSE(is_failing(driver));
  }
  SECTION("cut") {
    driver.breaks(EPROTO);
    CHECK(stale_since(driver, driver.now()));
    CHECK(is_failing(driver));
  }
  SECTION("ERROR") {
    driver.event(error_event(status_of(500)));
    CHECK(stale_since(driver, driver.now()));
    CHECK(is_failing(driver));
  }
  SECTION("an object without a name") {
    driver.event(nameless("8"));
    CHECK(stale_since(driver, driver.now()));
    CHECK(is_failing(driver));
  }
  SECTION("silence: from the last that was heard") {
    driver.breaks(ETIMEDOUT);
    CHECK(stale_since(driver, heard));
    CHECK(is_failing(driver));
  }
  CHECK_FALSE(sees(driver));
}

/// Has a watch cut, and another accepted a minute later. Returns when it was cut.
Moment watch_again(Driver& driver) {
  reach_watch(driver);
  driver.event(bookmark("6"));
  driver.breaks(EPROTO);
  const Moment cut = driver.now();
  driver.wait();
  driver.get();
  driver.pass(1min);
  driver.accept();
  CHECK(sees(driver));
  return cut;
}

TEST_CASE("a watch that is accepted and brings only an error did not run") {
  Driver driver(paged());
  const Moment cut = watch_again(driver);
  driver.pass(1s);
  SECTION("ERROR 410, as the API server says that a version is gone") {
    driver.event(error_event(status_of(410, "Expired")));
  }
  SECTION("cut") { driver.breaks(EPROTO); }
  SECTION("ended at once") {
    driver.pass(-1ms);
    driver.end();
  }
  SECTION("garbage") { driver.breaks(EBADMSG); }
  SECTION("silent up to the idle limit") {
    driver.pass(150s);
    driver.breaks(ETIMEDOUT);
  }
  CHECK(stale_since(driver, cut));
  driver.wait();
  driver.get();
  CHECK(stale_since(driver, cut));
}

TEST_CASE("a watch that is accepted and lasts ran, even without events") {
  Driver driver(paged());
  watch_again(driver);
  SECTION("in good order") {
    driver.pass(1s);
    driver.end();
    CHECK(stale_since(driver, driver.now()));
  }
  SECTION("cut") {
    driver.pass(10s);
    driver.breaks(EPROTO);
    CHECK(stale_since(driver, driver.now()));
  }
  SECTION("ERROR") {
    driver.pass(10s);
    driver.event(error_event(status_of(500)));
    CHECK(stale_since(driver, driver.now()));
  }
}

TEST_CASE("a watch that brings a bookmark ran, even with a known version") {
  Driver driver(paged());
  watch_again(driver);
  driver.event(bookmark("6"));
  const Moment heard = driver.now();
  driver.pass(1s);
  SECTION("ERROR") {
    driver.event(error_event(status_of(500)));
    CHECK(stale_since(driver, driver.now()));
  }
  SECTION("silence") {
    driver.pass(150s);
    driver.breaks(ETIMEDOUT);
    CHECK(stale_since(driver, heard));
  }
}

TEST_CASE("a streamed list ends the stale time before it for good") {
  Driver driver;
  driver.get();
  driver.accept();
  driver.event(list_end("5"));
  driver.breaks(EPROTO);
  driver.wait();
  driver.get();
  driver.accept();
  driver.event(error_event(status_of(410)));
  driver.wait();
  driver.get();
  driver.accept();
  driver.pass(1s);
  driver.event(list_end("9"));
  driver.pass(1s);
  driver.breaks(EPROTO);
  CHECK(stale_since(driver, driver.now()));
}

TEST_CASE("stale time lasts through failures of any kind, and complete lists shorten it") {
  Driver driver(paged());
  reach_watch(driver);
  driver.event(bookmark("6"));
  driver.breaks(EPROTO);
  const Moment cut = driver.now();
  for (const int code : {0, 401, 403, 429, 500, 503}) {
    driver.wait();
    driver.get();
    driver.pass(1s);
    if (code == 0) {
      driver.breaks(ECONNREFUSED);
    } else {
      driver.refuse(code);
    }
    CHECK(stale_since(driver, cut));
    CHECK(is_failing(driver));
  }
  driver.wait();
  driver.get();
  driver.refuse(410);
  driver.wait();
  const Moment listing = driver.now();
  driver.get();
  driver.pass(1s);
  driver.accept();
  driver.page("9");
  driver.end();
  driver.get();
  driver.pass(1s);
  driver.refuse(403);
  CHECK(stale_since(driver, listing));
}

TEST_CASE("the last error has status, reason and the missing permission") {
  Driver driver(paged(), Resource::network_policies);
  driver.get();
  ApiStatus status = status_of(403, "Forbidden");
  status.message = "networkpolicies is forbidden";
  driver.refuse(status);
  const auto& last_error = driver.machine().last_error();
  for (const char* part : {"403", "networkpolicies is forbidden", "get, list and watch on networkpolicies"}) {
    CHECK(last_error.find(part) != std::string::npos);
  }
  driver.wait();
  driver.get();
  driver.breaks(ECONNREFUSED);
  CHECK(driver.machine().last_error() == "broken");
}

}  // namespace
}  // namespace selvage::k8s_client

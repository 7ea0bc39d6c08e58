#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "tests/watch/list_watch_driver.h"

/// Every event in every kind of stream.
namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;

const char* name_of(ListWatch::Use use) {
  constexpr std::array<const char*, 5> kNames = {"apply", "list item", "list whole", "nothing", "hang up"};
  return kNames.at(static_cast<std::size_t>(use));
}

/// The use of an event, and the next request when the stream then ends normally.
std::string outcome(Driver& driver, const WatchEvent& event) {
  const auto use = driver.event(event);
  if (use != ListWatch::Use::hang_up) {
    driver.pass(5min);
    driver.end();
  }
  return std::string(name_of(use)) + ", " + driver.next();
}

void begin_stream(Driver& driver) {
  driver.get();
  driver.accept();
  REQUIRE(driver.event(event_of(Type::added, "3")) == ListWatch::Use::list_item);
}
void begin_watch(Driver& driver) { reach_watch(driver); }
void watch_in_stream(Driver& driver) {
  begin_stream(driver);
  REQUIRE(driver.event(list_end("5")) == ListWatch::Use::list_whole);
}
void watch_with_news(Driver& driver) {
  reach_watch(driver, "4");
  REQUIRE(driver.event(event_of(Type::added, "5")) == ListWatch::Use::apply);
}

ApiStatus too_large() {
  ApiStatus status = status_of(504, "Timeout");
  status.resource_version_too_large = true;
  return status;
}

struct Row {
  const char* name;
  WatchEvent event;
  const char* listing;   ///< in a list that is streamed
  const char* watching;  ///< in a watch from version 5, if lists are paged
};

const char* const kStreamFails = "hang up, wait, streaming list";

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"ADDED", event_of(Type::added, "6"), "list item, wait, streaming list", "apply, watch 6"},
      {"MODIFIED", event_of(Type::modified, "6"), kStreamFails, "apply, watch 6"},
      {"DELETED", event_of(Type::deleted, "6"), kStreamFails, "apply, watch 6"},
      {"ADDED without a version", event_of(Type::added, ""), "list item, wait, streaming list", "apply, watch 5"},
      {"MODIFIED without a name", nameless("6"), kStreamFails, "hang up, wait, watch 5"},
      {"BOOKMARK", bookmark("6"), "nothing, wait, streaming list", "nothing, watch 6"},
      {"BOOKMARK without a version", bookmark(""), "nothing, wait, streaming list", "nothing, watch 5"},
      {"BOOKMARK at the end of a list", list_end("6"), "list whole, watch 6", "nothing, watch 6"},
      {"the same without a version", list_end(""), kStreamFails, "nothing, watch 5"},
      {"ERROR 410", error_event(status_of(410, "Expired")), kStreamFails, "hang up, wait, list"},
      {"ERROR Gone", error_event(status_of(0, "Gone")), kStreamFails, "hang up, wait, list"},
      {"ERROR 400", error_event(status_of(400)), kStreamFails, "hang up, wait, list"},
      {"ERROR 403", error_event(status_of(403)), kStreamFails, "hang up, wait, watch 5"},
      {"ERROR 429", error_event(status_of(429)), kStreamFails, "hang up, wait, watch 5"},
      {"ERROR 500", error_event(status_of(500)), kStreamFails, "hang up, wait, watch 5"},
      {"ERROR too large", error_event(too_large()), kStreamFails, "hang up, wait, watch 5"},
  };
  return kRows;
}

TEST_CASE("each event in a streamed list") {
  for (const auto& row : rows()) {
    INFO(row.name);
    Driver driver;
    begin_stream(driver);
    CHECK(outcome(driver, row.event) == row.listing);
  }
}

TEST_CASE("each event in a watch") {
  for (const auto& row : rows()) {
    INFO(row.name);
    Driver fresh(paged());
    begin_watch(fresh);
    CHECK(outcome(fresh, row.event) == row.watching);
    Driver with_news(paged());
    watch_with_news(with_news);
    CHECK(outcome(with_news, row.event) == row.watching);
  }
}

TEST_CASE("each event in the stream of a complete list: it is a watch, and a new list is streamed") {
  for (const auto& row : rows()) {
    INFO(row.name);
    Driver driver;
    watch_in_stream(driver);
    std::string expected = row.watching;
    if (const auto list = expected.find("wait, list"); list != std::string::npos) {
      expected.replace(list, std::string::npos, "wait, streaming list");
    }
    CHECK(outcome(driver, row.event) == expected);
  }
}

TEST_CASE("a watch resumes from the last version, however it ended") {
  Driver driver(paged());
  reach_watch(driver);
  driver.event(event_of(Type::added, "6"));
  driver.event(bookmark("8"));
  driver.event(event_of(Type::deleted, "9"));
  SECTION("in good order") {
    driver.pass(5min);
    driver.end();
    CHECK(driver.next() == "watch 9");
  }
  SECTION("cut") {
    driver.breaks(0);
    CHECK(driver.next() == "wait, watch 9");
  }
  SECTION("silent") {
    driver.breaks(ETIMEDOUT);
    CHECK(driver.next() == "wait, watch 9");
  }
  SECTION("garbage") {
    driver.breaks(EBADMSG);
    CHECK(driver.next() == "wait, watch 9");
  }
  SECTION("by an object without a name, whose version is not taken for seen") {
    driver.event(nameless("10"));
    CHECK(driver.next() == "wait, watch 9");
  }
}

TEST_CASE("garbage in three watches from one version gives way to a list, whatever bookmarks come before it") {
  Driver driver(paged());
  reach_watch(driver);
  for (const char* next : {"wait, watch 5", "wait, watch 5", "wait, list"}) {
    driver.event(bookmark("5"));
    driver.breaks(EBADMSG);
    REQUIRE(driver.next() == next);
    driver.accept();
  }
}

TEST_CASE("a list resets the count of failed watches") {
  Driver driver;
  driver.get();
  driver.accept();
  driver.event(list_end("5"));
  for (int i = 0; i < 3; ++i) {
    driver.breaks(EBADMSG);
    driver.next();
    driver.accept();
  }
  REQUIRE(driver.event(list_end("9")) == ListWatch::Use::list_whole);
  driver.breaks(EBADMSG);
  CHECK(driver.next() == "wait, watch 9");
}

TEST_CASE("garbage in watches that make progress does not") {
  Driver driver(paged());
  reach_watch(driver);
  for (int version = 6; version < 16; ++version) {
    driver.event(bookmark(std::to_string(version)));
    driver.breaks(EBADMSG);
    REQUIRE(driver.next() == "wait, watch " + std::to_string(version));
    driver.accept();
  }
}

TEST_CASE("watches that brought an event, or lasted, may be cut any number of times") {
  Driver driver(paged());
  reach_watch(driver);
  for (int i = 0; i < 10; ++i) {
    if (i % 2 == 0) driver.event(bookmark("5"));
    if (i % 2 == 1) driver.pass(10s);
    driver.breaks(EPROTO);
    REQUIRE(driver.next() == "wait, watch 5");
    driver.accept();
  }
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>
#include <cerrno>
#include <initializer_list>

#include "tests/watch/list_watch_driver.h"
#include "tests/watch/watched_server.h"

/// Resources that an API server need not have, such as those of a CustomResourceDefinition.
namespace selvage::k8s_client {
namespace {

ListWatchOptions optional(ListWatchOptions options) {
  options.presence = Presence::optional;
  return options;
}

void refuse_all(Driver& driver, std::initializer_list<int> codes) {
  for (const int code : codes) {
    driver.next();
    driver.refuse(code);
  }
}

/// Two lists are answered with 404.
void become_absent(Driver& driver) {
  refuse_all(driver, {404, 404});
  REQUIRE(driver.machine().absent());
}

TEST_CASE("a resource is absent after two lists that are answered with 404, and that counts as synced") {
  Driver driver(optional(paged()));
  REQUIRE(driver.next() == "list");
  driver.refuse(404);
  CHECK_FALSE(driver.machine().absent());
  CHECK_FALSE(driver.machine().synced());
  CHECK(driver.machine().stale_since());
  CHECK(driver.machine().last_error().empty());
  REQUIRE(driver.next() == "wait, list");
  driver.refuse(404);
  CHECK(driver.machine().absent());
  CHECK(driver.machine().synced());
  CHECK_FALSE(driver.machine().stale_since());
  CHECK(driver.machine().last_error().empty());
}

TEST_CASE("a required resource is never absent") {
  Driver driver(paged());
  refuse_all(driver, {404, 404, 404});
  CHECK_FALSE(driver.machine().absent());
  CHECK_FALSE(driver.machine().synced());
  CHECK(driver.machine().last_error().find("404") != std::string::npos);
}

TEST_CASE("only two 404s in a row count") {
  Driver driver(optional(paged()));
  refuse_all(driver, {404, 500, 404, 403, 404});
  driver.next();
  driver.breaks(ECONNREFUSED);
  refuse_all(driver, {404});
  CHECK_FALSE(driver.machine().absent());
  refuse_all(driver, {404});
  CHECK(driver.machine().absent());
}

TEST_CASE("a page between two 404s shows that the resource is there") {
  Driver driver(optional(paged()));
  refuse_all(driver, {404});
  driver.next();
  driver.accept();
  REQUIRE_FALSE(driver.page("5", "T"));
  driver.end();
  refuse_all(driver, {404});
  CHECK_FALSE(driver.machine().absent());
  CHECK(driver.next() == "wait, list");
}

TEST_CASE("a streamed list that is answered with 404 is requested in pages at once, and streamed again later") {
  Driver driver(optional({}));
  REQUIRE(driver.next() == "streaming list");
  driver.refuse(404);
  REQUIRE(driver.next() == "list");
  driver.accept();
  REQUIRE(driver.page("5"));
  driver.end();
  REQUIRE(driver.next() == "watch 5");
  driver.refuse(410);
  CHECK(driver.next() == "wait, streaming list");
}

TEST_CASE("an absent resource is asked for again, less and less often") {
  ListWatchOptions options = optional(paged());
  options.first_absent_wait = 1s;
  options.max_absent_wait = 5s;
  Driver driver(options);
  driver.set_chance(1);
  become_absent(driver);
  for (const auto expected : {1s, 2s, 4s, 5s, 5s}) {
    CHECK(driver.wait() == expected);
    REQUIRE(driver.next() == "list");
    driver.refuse(404);
  }
  CHECK_FALSE(driver.machine().stale_since());
}

TEST_CASE("a resource that appears is listed and watched") {
  Driver driver(optional(paged()));
  become_absent(driver);
  driver.wait();
  const Moment asked = driver.now();
  REQUIRE(driver.get().begins_list);
  driver.pass(1s);
  driver.accept();
  CHECK_FALSE(driver.machine().absent());
  CHECK(driver.machine().stale_since() == asked);
  REQUIRE_FALSE(driver.page("5", "T"));
  driver.end();
  REQUIRE(driver.next() == "list continue=T");
  driver.accept();
  REQUIRE(driver.page("5"));
  driver.end();
  REQUIRE(driver.next() == "watch 5");
  driver.accept();
  CHECK_FALSE(driver.machine().stale_since());
}

TEST_CASE("while an absent resource cannot be requested, the watch is stale") {
  Driver driver(optional(paged()));
  become_absent(driver);
  driver.wait();
  driver.get();
  driver.pass(1s);
  SECTION("no connection") { driver.breaks(ECONNREFUSED); }
  SECTION("refused") { driver.refuse(503); }
  CHECK_FALSE(driver.machine().absent());
  CHECK(driver.machine().stale_since() == driver.now());
  CHECK_FALSE(driver.machine().last_error().empty());
  CHECK(driver.machine().synced());
  become_absent(driver);
  CHECK_FALSE(driver.machine().stale_since());
  CHECK(driver.machine().last_error().empty());
}

TEST_CASE("a watch that is answered with 404 leads to a list, and two such lists to absence") {
  Driver driver(optional(paged()));
  reach_watch(driver);
  driver.pass(5min);
  driver.end();
  REQUIRE(driver.next() == "watch 5");
  driver.refuse(404);
  CHECK_FALSE(driver.machine().absent());
  REQUIRE(driver.next() == "wait, list");
  driver.refuse(404);
  REQUIRE(driver.next() == "wait, list");
  CHECK_FALSE(driver.machine().absent());
  driver.refuse(404);
  CHECK(driver.machine().absent());
}

ListWatchOptions optional_and_impatient(bool streaming) {
  ListWatchOptions options = optional(impatient(streaming));
  options.first_absent_wait = options.max_absent_wait = std::chrono::milliseconds(1);
  return options;
}

TEST_CASE("the objects of a resource that becomes absent are removed, and come back with it") {
  const bool streaming = GENERATE(false, true);
  WatchedServer watched(optional_and_impatient(streaming));
  const auto goes = [&] {
    // A watch, a streamed list, and lists until one is answered.
    for (int i = 0; i < (streaming ? 6 : 5); ++i) watched.server.meet(testing::refusal(404, "NotFound"));
    watched.server.end_watches();
    return false;
  };
  const Reported reported = watched.run({goes});
  CHECK(reported.removals == 5);
  CHECK(reported.lists == 3);
  CHECK(reported.objects == watched.server.objects());
  CHECK(reported.objects.size() == 5);
  CHECK_FALSE(reported.odd);
  CHECK(reported.health.synced);
}

TEST_CASE("a single 404 removes nothing") {
  const bool streaming = GENERATE(false, true);
  WatchedServer watched(optional_and_impatient(streaming));
  const auto stumbles = [&] {
    for (int i = 0; i < (streaming ? 3 : 2); ++i) watched.server.meet(testing::refusal(404, "NotFound"));
    watched.server.end_watches();
    return false;
  };
  const Reported reported = watched.run({stumbles});
  CHECK(reported.removals == 0);
  CHECK(reported.lists == 2);
  CHECK(reported.objects == watched.server.objects());
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/watch/list_watch_driver.h"

/// Lists, from the first request to the watch.
namespace selvage::k8s_client {
namespace {

using Type = WatchEvent::Type;

/// Delivers a page to the due request, which it returns.
std::string page(Driver& driver, const std::string& version, const std::string& token = {}) {
  auto asked = driver.next();
  driver.accept();
  CHECK(driver.page(version, token) == token.empty());
  driver.end();
  return asked;
}

TEST_CASE("a list of one page, and of several") {
  Driver driver(paged());
  CHECK_FALSE(driver.machine().synced());
  SECTION("one") {
    CHECK(page(driver, "5") == "list");
    CHECK(driver.next() == "watch 5");
  }
  SECTION("three") {
    CHECK(page(driver, "5", "A") == "list");
    CHECK(page(driver, "5", "B") == "list continue=A");
    CHECK_FALSE(driver.machine().synced());
    CHECK(page(driver, "5") == "list continue=B");
    CHECK(driver.next() == "watch 5");
  }
  CHECK(driver.machine().synced());
}

TEST_CASE("a page that fails is requested again, and the list continues") {
  Driver driver(paged());
  page(driver, "5", "A");
  REQUIRE(driver.next() == "list continue=A");
  driver.refuse(429);
  REQUIRE(driver.next() == "wait, list continue=A");
  driver.breaks(ECONNREFUSED);
  REQUIRE(driver.next() == "wait, list continue=A");
  driver.refuse(500);
  CHECK(page(driver, "5", "B") == "wait, list continue=A");
  CHECK(page(driver, "5") == "list continue=B");
}

TEST_CASE("a complete page counts, however its connection ends") {
  const int code = GENERATE(0, EPROTO, ETIMEDOUT);
  Driver driver(paged());
  driver.get();
  driver.accept();
  driver.page("5", "A");
  driver.breaks(code);
  REQUIRE(driver.next() == "wait, list continue=A");
  driver.accept();
  driver.page("5");
  driver.breaks(code);
  CHECK(driver.next() == "watch 5");
}

TEST_CASE("bytes behind a page restart the list; behind the last page they change nothing") {
  Driver driver(paged());
  driver.get();
  driver.accept();
  driver.page("5", "A");
  driver.breaks(EBADMSG);
  REQUIRE(driver.next() == "wait, list");
  driver.accept();
  driver.page("5");
  driver.breaks(EBADMSG);
  CHECK(driver.next() == "watch 5");
}

TEST_CASE("an expired continue token: the list is requested in full, and later ones in pages") {
  Driver driver(paged());
  page(driver, "5", "A");
  REQUIRE(driver.next() == "list continue=A");
  driver.refuse(410, "Expired");
  CHECK(page(driver, "9") == "full list");
  REQUIRE(driver.next() == "watch 9");
  driver.refuse(410, "Expired");
  CHECK(driver.next() == "wait, list");
}

TEST_CASE("a full list that keeps failing gives way to pages") {
  Driver driver(paged());
  page(driver, "5", "A");
  REQUIRE(driver.next() == "list continue=A");
  driver.refuse(410, "Expired");
  REQUIRE(driver.next() == "full list");
  driver.refuse(504);
  REQUIRE(driver.next() == "wait, full list");
  driver.refuse(504);
  REQUIRE(driver.next() == "wait, full list");
  driver.refuse(504);
  CHECK(driver.next() == "wait, list");
}

TEST_CASE("a continue token that repeats itself, and a list without a version, are failures") {
  Driver driver(paged());
  page(driver, "5", "A");
  driver.get();
  driver.accept();
  CHECK_FALSE(driver.page("5", "A"));
  driver.end();
  REQUIRE(driver.next() == "wait, list");
  driver.accept();
  CHECK_FALSE(driver.page(""));
  driver.end();
  REQUIRE(driver.next() == "wait, list");
  CHECK_FALSE(driver.machine().synced());
}

TEST_CASE("a streamed list: its objects, its end, and the watch in the same stream") {
  Driver driver;
  REQUIRE(driver.next() == "streaming list");
  driver.accept();
  CHECK(driver.event(event_of(Type::added, "3")) == ListWatch::Use::list_item);
  CHECK(driver.event(event_of(Type::added, "2")) == ListWatch::Use::list_item);
  CHECK_FALSE(driver.machine().synced());
  CHECK(driver.event(list_end("5")) == ListWatch::Use::list_whole);
  CHECK(driver.machine().synced());
  CHECK(driver.event(event_of(Type::added, "6")) == ListWatch::Use::apply);
  driver.pass(5min);
  driver.end();
  CHECK(driver.next() == "watch 6");
}

TEST_CASE("two streams that break give way to pages once; the next list is streamed again") {
  Driver driver;
  for (const char* next : {"streaming list", "wait, streaming list"}) {
    REQUIRE(driver.next() == next);
    driver.accept();
    driver.event(event_of(Type::added, "3"));
    driver.breaks(EPROTO);
  }
  CHECK(page(driver, "5") == "wait, list");
  REQUIRE(driver.next() == "watch 5");
  driver.refuse(410);
  CHECK(driver.next() == "wait, streaming list");
}

struct Useless {
  const char* what;
  void (*happens)(Driver& driver);
};

TEST_CASE("two useless streams give way to pages") {
  const auto useless = GENERATE(Useless{"refused as expired", [](Driver& driver) { driver.refuse(410, "Expired"); }},
                                Useless{"refused with 500", [](Driver& driver) { driver.refuse(500); }},
                                Useless{"an event that does not belong there",
                                        [](Driver& driver) {
                                          driver.accept();
                                          driver.event(event_of(Type::modified, "3"));
                                        }},
                                Useless{"ERROR 500, as servers say whose etcd is too old", [](Driver& driver) {
                                          driver.accept();
                                          driver.event(error_event(status_of(500)));
                                        }});
  INFO(useless.what);
  Driver driver;
  for (const char* next : {"streaming list", "wait, streaming list"}) {
    REQUIRE(driver.next() == next);
    useless.happens(driver);
  }
  CHECK(driver.next() == "wait, list");
}

TEST_CASE("a server that refuses streamed lists is not asked for one again") {
  const int code = GENERATE(400, 404, 422, 501);
  Driver driver;
  REQUIRE(driver.next() == "streaming list");
  driver.refuse(code, "Invalid");
  CHECK(page(driver, "5") == "list");
  REQUIRE(driver.next() == "watch 5");
  driver.refuse(410);
  CHECK(driver.next() == "wait, list");
}

TEST_CASE("a server that cannot be reached is still asked for a streamed list when it comes back") {
  Driver driver;
  driver.get();
  for (int i = 0; i < 10; ++i) {
    driver.breaks(ECONNREFUSED);
    CHECK(driver.next() == "wait, streaming list");
  }
}

TEST_CASE("streamed lists can be switched off") {
  Driver driver(paged());
  CHECK(driver.next() == "list");
}

}  // namespace
}  // namespace selvage::k8s_client

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>

#include "tests/watch/list_watch_driver.h"

/// Every transition: the next request after each answer to each request.
namespace selvage::k8s_client {
namespace {

using Input = std::function<void(Driver&)>;

Input refused(int code, const std::string& reason = {}) {
  return [=](Driver& driver) { driver.refuse(code, reason); };
}
void refuse_as_too_large(Driver& driver) {
  ApiStatus status = status_of(504, "Timeout");
  status.resource_version_too_large = true;
  driver.refuse(status);
}
/// No connection, or nothing for the idle limit.
Input unanswered(int code) {
  return [=](Driver& driver) { driver.breaks(code); };
}
Input accepted_then(const Input& input) {
  return [=](Driver& driver) {
    driver.accept();
    input(driver);
  };
}
void end(Driver& driver) { driver.end(); }
Input event(const WatchEvent& event) {
  return [=](Driver& driver) { REQUIRE(driver.event(event) == ListWatch::Use::hang_up); };
}

void ask_for_second_page(Driver& driver) {
  driver.get();
  driver.accept();
  REQUIRE_FALSE(driver.page("5", "T"));
  driver.end();
  REQUIRE(driver.next() == "list continue=T");
}
void ask_for_full_list(Driver& driver) {
  ask_for_second_page(driver);
  driver.refuse(410, "Expired");
  REQUIRE(driver.next() == "full list");
}
void ask_for_watch(Driver& driver) {
  driver.get();
  driver.accept();
  REQUIRE(driver.event(list_end("5")) == ListWatch::Use::list_whole);
  driver.pass(5min);
  driver.end();
  REQUIRE(driver.next() == "watch 5");
}
void ask(Driver& driver) { driver.get(); }

struct State {
  const char* name;
  bool streaming;
  Input reach;
};
const std::array<State, 5> kStates = {{{"first page", false, ask},
                                       {"second page", false, ask_for_second_page},
                                       {"full list", false, ask_for_full_list},
                                       {"streaming list", true, ask},
                                       {"watch", true, ask_for_watch}}};

struct Row {
  const char* name;
  Input input;
  std::array<const char*, 5> next;  ///< in the order of kStates
};

using Next = std::array<const char*, 5>;
const Next kSame = {"wait, list", "wait, list continue=T", "wait, full list", "wait, streaming list", "wait, watch 5"};
/// The request is not to be made again.
const Next kNoGood = {"wait, list", "wait, list", "wait, full list", "list", "wait, streaming list"};
const Next kExpired = {"wait, list", "full list", "wait, full list", "wait, streaming list", "wait, streaming list"};
const Next kRedirected = {"wait, list", "wait, list", "wait, full list", "wait, streaming list",
                          "wait, streaming list"};
const Next kUnknownVerb = {"wait, list", "wait, list continue=T", "wait, full list", "list", "wait, watch 5"};
const Next kGarbage = {"wait, list", "wait, list", "wait, full list", "wait, streaming list", "wait, watch 5"};

const std::vector<Row> kOnce = {
    {"302", refused(302), kRedirected},
    {"400", refused(400, "BadRequest"), kNoGood},
    {"401", refused(401, "Unauthorized"), kSame},
    {"403", refused(403, "Forbidden"), kSame},
    {"404", refused(404, "NotFound"), kNoGood},
    {"408", refused(408), kSame},
    {"410", refused(410), kExpired},
    {"Expired under another code", refused(500, "Expired"), kExpired},
    {"Gone under another code", refused(500, "Gone"), kExpired},
    {"422", refused(422, "Invalid"), kNoGood},
    {"429", refused(429, "TooManyRequests"), kSame},
    {"500", refused(500, "InternalError"), kSame},
    {"501", refused(501), kUnknownVerb},
    {"503", refused(503, "ServiceUnavailable"), kSame},
    {"504, resource version too large", refuse_as_too_large, kSame},
    {"connection refused", unanswered(ECONNREFUSED), kSame},
    {"silence before the head", unanswered(ETIMEDOUT), kSame},
    {"200, end", accepted_then(end), kSame},
    {"200, cut", accepted_then(unanswered(EPROTO)), kSame},
    {"200, silence", accepted_then(unanswered(ETIMEDOUT)), kSame},
    {"200, garbage", accepted_then(unanswered(EBADMSG)), kGarbage},
};

const Next kStays = kSame;
/// Another way is tried, in case that one never works.
const Next kGivesWay = {"wait, list", "wait, list", "wait, list", "wait, list", "wait, streaming list"};
const Next kListGivesWay = {"wait, list", "wait, list", "wait, list", "wait, list", "wait, watch 5"};
const Next kPageGivesWay = {"wait, list", "wait, list", "wait, list", "wait, streaming list", "wait, watch 5"};

const std::vector<Row> kThreeTimes = {
    {"401", refused(401, "Unauthorized"), kStays},
    {"403", refused(403, "Forbidden"), kStays},
    {"429", refused(429, "TooManyRequests"), kStays},
    {"500", refused(500, "InternalError"), kListGivesWay},
    {"503", refused(503, "ServiceUnavailable"), kListGivesWay},
    {"504, resource version too large", refuse_as_too_large, kGivesWay},
    {"connection refused", unanswered(ECONNREFUSED), kPageGivesWay},
    {"silence before the head", unanswered(ETIMEDOUT), kListGivesWay},
    {"200, end", accepted_then(end), kGivesWay},
    {"200, cut", accepted_then(unanswered(EPROTO)), kGivesWay},
    {"200, silence", accepted_then(unanswered(ETIMEDOUT)), kGivesWay},
};

void check(const std::vector<Row>& rows, int times) {
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < kStates.size(); ++i) {
      // `end` of a list that brought nothing is a failure of its own; all of them hold for every state.
      INFO(kStates.at(i).name << ": " << row.name << ", " << times << " time(s)");
      Driver driver(kStates.at(i).streaming ? ListWatchOptions{} : paged());
      kStates.at(i).reach(driver);
      for (int time = 1; time < times; ++time) {
        row.input(driver);
        driver.next();
      }
      row.input(driver);
      CHECK(driver.next() == row.next.at(i));
    }
  }
}

TEST_CASE("each request, each failure: the next request") { check(kOnce, 1); }
TEST_CASE("each request, three failures in a row: the next request") { check(kThreeTimes, 3); }

TEST_CASE("a watch with three useless streams in a row gives way to a list") {
  const auto input = GENERATE(as<WatchEvent>(), nameless("6"), error_event(status_of(500, "InternalError")));
  Driver driver(paged());
  reach_watch(driver);
  for (const char* next : {"wait, watch 5", "wait, watch 5", "wait, list"}) {
    event(input)(driver);
    CHECK(driver.next() == next);
    driver.accept();
  }
}

}  // namespace
}  // namespace selvage::k8s_client

#include <catch2/catch.hpp>

#include "tests/watch/list_watch_driver.h"

/// Requests, letter by letter.
namespace selvage::k8s_client {
namespace {

using Body = ListWatch::Get::Body;

const std::string kSelector = "fieldSelector=status.phase!%3DSucceeded%2Cstatus.phase!%3DFailed";

/// A target with what comes last in those of watches.
std::string with_timeout(const std::string& target, int seconds) {
  return target + "&timeoutSeconds=" + std::to_string(seconds);
}

ListWatchOptions options_of(bool streaming) {
  ListWatchOptions options;
  options.streaming_lists = streaming;
  options.page_size = 7;
  options.watch_timeout = 100s;
  options.list_idle_limit = 11s;
  options.watch_idle_limit = 13s;
  return options;
}

TEST_CASE("requests of a list in pages, of one in full, and of a watch") {
  Driver driver(options_of(false));
  const auto first = driver.get();
  CHECK(first.target == "/api/v1/namespaces?limit=7");
  CHECK(first.body == Body::list);
  CHECK(first.begins_list);
  CHECK(first.idle_limit == 11s);
  driver.accept();
  driver.page("5", "T");
  driver.end();
  const auto second = driver.get();
  CHECK(second.target == "/api/v1/namespaces?limit=7&continue=T");
  CHECK_FALSE(second.begins_list);
  driver.refuse(410, "Expired");
  const auto full = driver.get();
  CHECK(full.target == "/api/v1/namespaces");
  CHECK(full.begins_list);
  driver.accept();
  driver.page("6");
  driver.end();
  const auto watch = driver.get();
  CHECK(watch.target == with_timeout("/api/v1/namespaces?watch=true&resourceVersion=6&allowWatchBookmarks=true", 150));
  CHECK(watch.body == Body::events);
  CHECK_FALSE(watch.begins_list);
  CHECK(watch.idle_limit == 13s);
}

TEST_CASE("request of a streamed list: consistent, with bookmarks, without a resourceVersion") {
  Driver driver(options_of(true));
  const auto list = driver.get();
  CHECK(list.target == with_timeout("/api/v1/namespaces?watch=true&sendInitialEvents=true&resourceVersionMatch="
                                    "NotOlderThan&allowWatchBookmarks=true",
                                    150));
  CHECK(list.body == Body::events);
  CHECK(list.begins_list);
  CHECK(list.idle_limit == 13s);
}

TEST_CASE("every request for pods leaves finished ones out") {
  Driver paged(options_of(false), Resource::pods);
  CHECK(paged.get().target == "/api/v1/pods?limit=7&" + kSelector);
  paged.accept();
  paged.page("5", "T");
  paged.end();
  CHECK(paged.get().target == "/api/v1/pods?limit=7&continue=T&" + kSelector);
  paged.refuse(410);
  CHECK(paged.get().target == "/api/v1/pods?" + kSelector);
  paged.accept();
  paged.page("5");
  paged.end();
  CHECK(paged.get().target ==
        "/api/v1/pods?watch=true&resourceVersion=5&allowWatchBookmarks=true&timeoutSeconds=150&" + kSelector);
  Driver streaming(options_of(true), Resource::pods);
  const auto target = streaming.get().target;
  CHECK(target.find("sendInitialEvents=true") != std::string::npos);
  CHECK(target.find("&" + kSelector) != std::string::npos);
}

TEST_CASE("networkpolicies are those of networking.k8s.io/v1") {
  Driver driver(options_of(false), Resource::network_policies);
  CHECK(driver.get().target == "/apis/networking.k8s.io/v1/networkpolicies?limit=7");
}

TEST_CASE("versions and tokens of servers are percent-encoded") {
  Driver driver(options_of(false));
  driver.get();
  driver.accept();
  driver.page("5", "aZ09-._~ +/=&?%\n\xff");
  driver.end();
  CHECK(driver.get().target == "/api/v1/namespaces?limit=7&continue=aZ09-._~%20%2B%2F%3D%26%3F%25%0A%FF");
  driver.accept();
  driver.page("5&watch=false#");
  driver.end();
  CHECK(driver.next() == "watch 5%26watch%3Dfalse%23");
}

TEST_CASE("timeoutSeconds is from the configured time to twice that") {
  struct Case {
    double chance;
    int seconds;
  };
  for (const auto& [chance, seconds] : {Case{0, 100}, Case{0.25, 125}, Case{0.999, 199}}) {
    Driver driver(options_of(false));
    driver.set_chance(chance);
    reach_watch(driver);
    driver.pass(5min);
    driver.end();
    const auto target = driver.get().target;
    CHECK(target.substr(target.find("timeoutSeconds")) == "timeoutSeconds=" + std::to_string(seconds));
  }
}

}  // namespace
}  // namespace selvage::k8s_client

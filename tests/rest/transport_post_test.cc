#include <atomic>
#include <catch2/catch.hpp>
#include <cerrno>
#include <future>

#include "tests/rest/contract_link.h"

/// What every Transport promises of posts: the one over HTTP and the one of the tests, alike.
namespace selvage::k8s_client {
namespace {

TEST_CASE("contract: a post arrives completely, empty or large, and is answered like any request") {
  const bool real = real_or_not();
  const int status = GENERATE(201, 403, 409, 503);
  const std::string json = GENERATE(std::string(), std::string("{\"a\": \"\xc3\xa4\"}"), std::string(1'000'000, 'x'));
  Link link(real, [=](const Asked& asked, Wire& wire) {
    wire.head({status, std::chrono::seconds(7)});
    wire.write(asked.target + (asked.json == json ? " came whole" : " came otherwise"));
    wire.end();
  });
  KeepingSink sink;
  REQUIRE(link->post(request_for("/things"), json, sink));
  CHECK(sink.status == status);
  CHECK(sink.retry_after == std::chrono::seconds(7));
  CHECK(sink.text == "/things came whole");
}

TEST_CASE("contract: gets and posts of one transport take turns") {
  Link link(real_or_not(), [](const Asked& asked, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.write(asked.json.value_or("a get"));
    wire.end();
  });
  for (const char* json : {"one", "two"}) {
    KeepingSink posted;
    REQUIRE(link->post(request_for("/"), json, posted));
    CHECK(posted.text == json);
    KeepingSink got;
    REQUIRE(link->get(request_for("/"), got));
    CHECK(got.text == "a get");
  }
}

TEST_CASE("contract: a post that gets no answer is an error, and comes once") {
  std::atomic<int> posts = 0;
  Link link(real_or_not(), [&](const Asked& asked, Wire& wire) {
    if (asked.json) {
      ++posts;
      return;
    }
    wire.head({200, std::nullopt});
    wire.end();
  });
  KeepingSink before;
  REQUIRE(link->get(request_for("/"), before));  // so that there is a connection that has been used
  KeepingSink sink;
  CHECK_FALSE(link->post(request_for("/"), "{}", sink));
  CHECK(posts == 1);
  CHECK(sink.heads == 0);
}

TEST_CASE("contract: stop ends a post, and refuses later ones") {
  Happening under_way;
  Link link(real_or_not(), [&](const Asked&, Wire& wire) {
    under_way.set();
    wire.stall();
  });
  KeepingSink sink;
  auto waiting = std::async(std::launch::async, [&] { return link->post(request_for("/"), "{}", sink); });
  REQUIRE(under_way.wait());
  link->stop();
  CHECK(code_of(waiting.get()) == ECANCELED);
  CHECK(code_of(link->post(request_for("/"), "{}", sink)) == ECANCELED);
}

}  // namespace
}  // namespace selvage::k8s_client

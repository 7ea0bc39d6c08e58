#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <future>
#include <thread>

#include "tests/rest/contract_link.h"

/// What every Transport promises: the one over HTTP and the one of the tests, alike.
namespace selvage::k8s_client {
namespace {

TEST_CASE("contract: the head comes once and first, then all of the body, whatever the status") {
  const bool real = real_or_not();
  const int status = GENERATE(200, 302, 404, 410, 429, 500);
  Link link(real, [=](const Asked&, Wire& wire) {
    wire.head({status, std::chrono::seconds(7)});
    wire.write("one ");
    wire.write("two");
    wire.end();
  });
  KeepingSink sink;
  sink.on_head = [&] { return sink.text.empty(); };
  sink.on_body = [&](std::string_view) { return sink.heads == 1; };
  REQUIRE(link->get(request_for("/"), sink));
  CHECK(sink.heads == 1);
  CHECK(sink.status == status);
  CHECK(sink.retry_after == std::chrono::seconds(7));
  CHECK(sink.text == "one two");
}

TEST_CASE("contract: a body that is empty") {
  Link link(real_or_not(), [](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.end();
  });
  KeepingSink sink;
  REQUIRE(link->get(request_for("/"), sink));
  CHECK(sink.status == 200);
  CHECK_FALSE(sink.retry_after);
  CHECK(sink.text.empty());
}

TEST_CASE("contract: every byte arrives, in order, cut anywhere") {
  std::string text;
  for (int i = 0; text.size() < 1'000'000; ++i) text += std::to_string(i) + "\n";
  text += std::string("\0\xff\r\n0\r\n\r\n", 10);
  Link link(real_or_not(), [&](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    std::size_t size = 1;
    for (std::string_view rest = text; !rest.empty(); size = size * 7 % 65'521) {
      wire.write(rest.substr(0, size));
      rest.remove_prefix(std::min(size, rest.size()));
    }
    wire.end();
  });
  KeepingSink sink;
  REQUIRE(link->get(request_for("/"), sink));
  CHECK(sink.text == text);
}

TEST_CASE("contract: a sink that does not want the body gets none, and that is success") {
  Link link(real_or_not(), [](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.write("unwanted");
    wire.stall();
  });
  KeepingSink sink;
  sink.on_head = [] { return false; };
  CHECK(link->get(request_for("/"), sink));
  CHECK(sink.text.empty());
}

TEST_CASE("contract: a sink that wants no more gets no more, and that is success") {
  Link link(real_or_not(), [](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.write("wanted");
    wire.write("more");
    wire.stall();
  });
  KeepingSink sink;
  int bodies = 0;
  sink.on_body = [&](std::string_view) {
    ++bodies;
    return false;
  };
  CHECK(link->get(request_for("/"), sink));
  CHECK(bodies == 1);
}

TEST_CASE("contract: silence for longer than the idle limit, before the head and in the body") {
  const bool real = real_or_not();
  const bool headed = GENERATE(false, true);
  Link link(real, [=](const Asked&, Wire& wire) {
    if (headed) wire.head({200, std::nullopt});
    if (headed) wire.write("part");
    wire.stall();
  });
  KeepingSink sink;
  CHECK(code_of(link->get(request_for("/", std::chrono::milliseconds(50)), sink)) == ETIMEDOUT);
  CHECK(sink.text == (headed ? "part" : ""));
}

TEST_CASE("contract: a body that is cut is EPROTO, and what came of it has arrived") {
  Link link(real_or_not(), [](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.write("part");
  });
  KeepingSink sink;
  CHECK(code_of(link->get(request_for("/"), sink)) == EPROTO);
  CHECK(sink.text == "part");
}

TEST_CASE("contract: a connection that is cut before the head is an error of no special kind") {
  Link link(real_or_not(), [](const Asked&, Wire&) {});
  KeepingSink sink;
  const int code = code_of(link->get(request_for("/"), sink));
  for (const int other : {-1, ETIMEDOUT, ECANCELED}) CHECK(code != other);
  CHECK(sink.heads == 0);
}

TEST_CASE("contract: stop ends running requests, and refuses later ones") {
  const bool real = real_or_not();
  const bool headed = GENERATE(false, true);
  Happening under_way;
  Link link(real, [=, &under_way](const Asked&, Wire& wire) {
    if (headed) wire.head({200, std::nullopt});
    if (!headed) under_way.set();
    wire.stall();
  });
  KeepingSink sink;
  sink.on_head = [&] {
    under_way.set();
    return true;
  };
  auto waiting = std::async(std::launch::async, [&] { return link->get(request_for("/"), sink); });
  REQUIRE(under_way.wait());
  link->stop();
  CHECK(code_of(waiting.get()) == ECANCELED);
  link->stop();
  KeepingSink later;
  CHECK(code_of(link->get(request_for("/"), later)) == ECANCELED);
  CHECK(later.heads == 0);
}

TEST_CASE("contract: a sink may stop its transport") {
  Link link(real_or_not(), [](const Asked&, Wire& wire) {
    wire.head({200, std::nullopt});
    wire.write("part");
    wire.stall();
  });
  KeepingSink sink;
  sink.on_body = [&](std::string_view) {
    link->stop();
    return true;
  };
  CHECK(code_of(link->get(request_for("/"), sink)) == ECANCELED);
}

TEST_CASE("contract: several threads send requests at once, each with its own answer") {
  constexpr int kThreads = 4;
  std::mutex mutex;
  std::condition_variable all_here;
  int here = 0;
  // None is answered before all have come.
  const auto wait_for_all = [&] {
    std::unique_lock lock(mutex);
    ++here;
    all_here.notify_all();
    return all_here.wait_for(lock, kLong, [&] { return here >= kThreads; });
  };
  Link link(real_or_not(), [&](const Asked& asked, Wire& wire) {
    if (!wait_for_all()) return;
    wire.head({200, std::nullopt});
    for (int i = 0; i < 100; ++i) wire.write(asked.target);
    wire.end();
  });
  std::array<KeepingSink, kThreads> sinks;
  std::array<std::future<bool>, kThreads> results;
  for (std::size_t i = 0; i < kThreads; ++i) {
    results.at(i) = std::async(std::launch::async, [&, i] {
      return link->get(request_for("/" + std::to_string(i)), sinks.at(i)).has_value();
    });
  }
  for (std::size_t i = 0; i < kThreads; ++i) {
    CHECK(results.at(i).get());
    std::string expected;
    for (int time = 0; time < 100; ++time) expected += "/" + std::to_string(i);
    CHECK(sinks.at(i).text == expected);
  }
}

}  // namespace
}  // namespace selvage::k8s_client

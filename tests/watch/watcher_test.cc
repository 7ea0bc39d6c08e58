#include "k8s_client/watch/watcher.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/watch/watched_server.h"

/// A Watcher and a server with faults: the known objects converge to the server's.
namespace selvage::k8s_client {
namespace {

using testing::cut_after;
using testing::garbage_after;
using testing::in_parts;
using testing::no_connection;
using testing::refusal;
using testing::silence_after;
using Fault = testing::MemoryApiServer::Fault;

void check_converged(const WatchedServer& watched, const Reported& reported) {
  CHECK(reported.objects == watched.server.objects());
  CHECK_FALSE(reported.odd);
  CHECK(reported.health.synced);
  CHECK(reported.complete);
}

std::size_t count(const std::vector<std::string>& requests, const std::string& part) {
  std::size_t found = 0;
  for (const auto& request : requests) found += request.find(part) != std::string::npos ? 1 : 0;
  return found;
}

TEST_CASE("lists in pages and in a stream, and changes afterwards") {
  const bool streaming = GENERATE(true, false);
  WatchedServer watched(impatient(streaming));
  const Reported reported = watched.run({watched.then_put("new", R"("x")"), watched.then_put("a", R"("second")"),
                                         watched.then_remove("b"), watched.then_put("b", R"("again")")});
  check_converged(watched, reported);
  CHECK(reported.lists == 1);
  CHECK(reported.listed == 5);
  const auto requests = watched.server.requests();
  CHECK(requests.size() == (streaming ? 1 : 4));
  CHECK(count(requests, "continue=") == (streaming ? 0 : 2));
}

TEST_CASE("a server without streamed lists is listed in pages") {
  WatchedServer watched(impatient(true));
  watched.server.set_streaming(false);
  check_converged(watched, watched.run());
  CHECK(count(watched.server.requests(), "sendInitialEvents") == 1);
}

TEST_CASE("a list that is cut anywhere twice loses nothing") {
  const bool streaming = GENERATE(true, false);
  for (std::size_t bytes = 0; bytes < 1'500; bytes += streaming ? 31 : 23) {
    INFO("cut after " << bytes << " bytes");
    WatchedServer watched(impatient(streaming));
    watched.server.meet(cut_after(bytes));
    watched.server.meet(cut_after(bytes / 2));
    const Reported reported = watched.run({watched.then_put("new", R"("x")")});
    check_converged(watched, reported);
    CHECK(reported.removals == 0);
  }
}

TEST_CASE("a watch that is cut anywhere resumes there") {
  const auto break_it = GENERATE(cut_after, garbage_after);
  for (std::size_t bytes = 0; bytes < 700; bytes += 29) {
    INFO("after " << bytes << " bytes");
    WatchedServer watched(impatient(false));
    const Reported reported = watched.run({watched.then_meet(break_it(bytes)), watched.then_put("a", R"("second")"),
                                           watched.then_remove("b"), watched.then_put("f", R"("x")")});
    check_converged(watched, reported);
    CHECK(reported.lists == 1);
    CHECK(reported.removals == 1);
  }
}

TEST_CASE("bytes that come one by one are the same as all at once") {
  const bool streaming = GENERATE(true, false);
  WatchedServer watched(impatient(streaming));
  for (int i = 0; i < 3; ++i) watched.server.meet(in_parts(1));
  const Reported reported = watched.run({watched.then_put("new", R"("x")"), watched.then_meet(in_parts(1)),
                                         watched.then_put("a", R"("second")"), watched.then_remove("b")});
  check_converged(watched, reported);
}

TEST_CASE("a list after 410 removes deleted objects and brings new ones, and nothing else") {
  const bool streaming = GENERATE(true, false);
  WatchedServer watched(impatient(streaming));
  const Reported reported = watched.run({watched.then_compact(), watched.then_put("b", R"("second")")});
  check_converged(watched, reported);
  CHECK(reported.lists == 2);
  CHECK(reported.removals == 1);
  std::size_t events = 0;
  for (const auto delivered : reported.deliveries) events += delivered;
  CHECK(events == 5 + 2 + 1);
}

TEST_CASE("a list after 410 that is cut anywhere removes no existing object") {
  const bool streaming = GENERATE(true, false);
  for (std::size_t bytes = 0; bytes < 1'500; bytes += 101) {
    INFO("cut after " << bytes << " bytes");
    WatchedServer watched(impatient(streaming));
    const Reported reported = watched.run({[&] {
                                             watched.server.meet(cut_after(bytes));
                                             return true;
                                           },
                                           watched.then_compact(), watched.then_put("b", R"("second")")});
    check_converged(watched, reported);
    CHECK(reported.removals == 1);
  }
}

TEST_CASE("pages whose token expires: the list is read in full") {
  WatchedServer watched(impatient(false));
  auto& server = watched.server;
  server.meet([&](const Request&, testing::ScriptedWire& wire, const testing::MemoryApiServer::Serve& serve) {
    serve(wire);
    server.remove("a");
    server.compact();
  });
  const Reported reported = watched.run();
  check_converged(watched, reported);
  CHECK(reported.removals == 1);
  CHECK(server.requests().size() == 4);  // a page, one that is refused, the full list, the watch
}

struct NamedFault {
  const char* name;
  Fault fault;
};

const std::vector<NamedFault>& faults() {
  static const std::vector<NamedFault> kFaults = {
      {"400", refusal(400, "BadRequest")},
      {"401", refusal(401, "Unauthorized")},
      {"403", refusal(403, "Forbidden")},
      {"404", refusal(404, "NotFound")},
      {"410", refusal(410, "Expired")},
      {"422", refusal(422, "Invalid")},
      {"429", refusal(429, "TooManyRequests")},
      {"500", refusal(500, "InternalError")},
      {"503", refusal(503, "ServiceUnavailable")},
      {"302", refusal(302, "")},
      {"refused", no_connection(ECONNREFUSED)},
      {"silent", no_connection(ETIMEDOUT)},
      {"reset", no_connection(0)},
      {"cut at once", cut_after(0)},
      {"garbage at once", garbage_after(0)},
      {"garbage later", garbage_after(40)},
  };
  return kFaults;
}

TEST_CASE("each fault at the first request, at the second, and again and again: lists and watches come through") {
  const bool streaming = GENERATE(true, false);
  const int times = GENERATE(1, 2, 3, 5);
  for (const auto& [name, fault] : faults()) {
    INFO(name << ", " << times << " time(s)");
    WatchedServer watched(impatient(streaming));
    for (int i = 0; i < times; ++i) watched.server.meet(fault);
    std::vector<WatchedServer::Step> steps = {watched.then_put("new", R"("x")")};
    steps.push_back([&, &again = fault] {
      for (int i = 0; i < times; ++i) watched.server.meet(again);
      watched.server.end_watches();
      return false;
    });
    steps.push_back(watched.then_put("a", R"("second")"));
    steps.push_back(watched.then_remove("b"));
    const Reported reported = watched.run(std::move(steps));
    check_converged(watched, reported);
    CHECK(reported.removals == 1);
    CHECK_FALSE(reported.last_errors.empty());
  }
}

TEST_CASE("silence for longer than the idle limit, at the head, in a list and in a watch") {
  const std::size_t bytes = GENERATE(0, 50, 500);
  ListWatchOptions options = impatient(GENERATE(true, false));
  options.list_idle_limit = options.watch_idle_limit = std::chrono::milliseconds(20);
  WatchedServer watched(options);
  watched.server.meet(silence_after(bytes));
  const Reported reported = watched.run({watched.then_meet(silence_after(bytes)), watched.then_put("a", R"("second")"),
                                         watched.then_put("b", R"("second")"), watched.then_remove("c")});
  check_converged(watched, reported);
}

}  // namespace
}  // namespace selvage::k8s_client

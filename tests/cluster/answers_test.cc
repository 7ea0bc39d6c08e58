#include <catch2/catch.hpp>
#include <chrono>

#include "tests/cluster/fault_scene.h"
#include "tests/cluster/pulse.h"

/// Invalid answers: error statuses, pages of proxies, garbage, halves. They remove nothing and allow nothing more, and
/// the agent recovers by itself.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

struct Case {
  const char* name;
  Fault fault;
};

/// A watch event after which an agent has to list.
constexpr const char* kGone =
    R"({"type":"ERROR","object":{"kind":"Status","status":"Failure","reason":"Expired","code":410}})"
    "\n";

/// Gives every request that answer, for as long as it takes to be asked a few times, while the door is turned: to
/// watches first, or to lists.
void go_through(FaultScene& s, const Case& one, bool list_first) {
  INFO(one.name);
  const std::size_t mark = s.wire().log().mark();
  const std::string before = s.tables();
  s.wire().set(one.fault);
  if (list_first) {
    s.wire().inject("watch=", kGone, 3);
    REQUIRE(s.wire().log().saw(mark, any, 3));
  }
  s.wire().hang_up();
  s.turn_door();
  REQUIRE(s.wire().log().saw(mark, any, 6));
  CHECK(s.tables() == before);
  s.wire().clear();
  s.expect_right();
}

std::string list(const std::string& rest) { return R"({"kind":"List","apiVersion":"v1",)" + rest; }

}  // namespace

TEST_CASE("failure statuses change nothing: 429, 500, 503, redirects, pages of proxies") {
  FaultScene s;
  const Pulse pulse(s.server());
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  const std::string page = "<html><body><h1>It works!</h1></body></html>";
  const std::string failure = R"({"kind":"Status","apiVersion":"v1","status":"Failure","code":500})";
  go_through(s, {"429", answer("429 Too Many Requests", failure)}, true);
  go_through(s, {"500", answer("500 Internal Server Error", failure)}, false);
  go_through(s, {"503, a page", answer("503 Service Unavailable", page, {}, "text/html")}, true);
  go_through(s, {"404, a page", answer("404 Not Found", page, {}, "text/html")}, false);
  go_through(s, {"302", answer("302 Found", "", "Location: " + s.wire().url() + "/stolen\r\n")}, true);
  for (const ProxiedRequest& request : s.wire().log().since()) CHECK(request.path != "/stolen");
  prober.check();
}

TEST_CASE("JSON that is neither a list nor events changes nothing") {
  FaultScene s;
  const Pulse pulse(s.server());
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  for (const Case& one : {
           Case{"an empty object", answer("200 OK", "{}\n")},
           Case{"null", answer("200 OK", "null\n")},
           Case{"half a list", answer("200 OK", list(R"("metadata":{"resourceVersion":"9"},"items":[{"metadata":)"))},
           Case{"a list without version and items", answer("200 OK", list(R"("metadata":{}})"))},
           Case{"less than announced",
                raw_answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" +
                           list(R"("metadata":{"resourceVersion":"9"},"items":[]})"))},
       })
    go_through(s, one, true);
  prober.check();
}

TEST_CASE("answers that are not JSON change nothing") {
  FaultScene s;
  const Pulse pulse(s.server());
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  for (const Case& one : {
           Case{"a page", answer("200 OK", "<html><body>Please log in</body></html>", {}, "text/html")},
           Case{"no body", answer("200 OK", "")},
           Case{"bytes", answer("200 OK", std::string("\0\xff\xfe\x80{[\"", 7) + std::string(100'000, '['))},
           Case{"no HTTP", raw_answer("SSH-2.0-OpenSSH_9.2\r\n")},
       })
    go_through(s, one, true);
  prober.check();
}

TEST_CASE("Retry-After is honoured") {
  FaultScene s;
  s.wire().set(answer("429 Too Many Requests", "{}", "Retry-After: 2\r\n"));
  const Process agent = s.converged_agent_when([&] {
    const auto pods = [](const ProxiedRequest& request) { return request.path == "/api/v1/pods"; };
    REQUIRE(s.wire().log().saw(0, pods, 3));
    std::vector<std::chrono::steady_clock::time_point> times;
    for (const ProxiedRequest& request : s.wire().log().since())
      if (pods(request)) times.push_back(request.when);
    for (std::size_t i = 1; i < times.size(); ++i) CHECK(times[i] - times[i - 1] >= 2s);
    s.wire().clear();
  });
}

}  // namespace selvage::testing

#include <array>
#include <catch2/catch.hpp>

#include "tests/cluster/fault_scene.h"

/// Versions that the API server no longer has (410 Gone), and the two ways in which it lists.
namespace selvage::testing {
namespace {

constexpr const char* kGone =
    R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version",)"
    R"("reason":"Expired","code":410})";

bool lists(const ProxiedRequest& request) {
  return !request.is_discovery() && (!request.is_watch() || request.streams_list());
}
bool streams(const ProxiedRequest& request) { return request.streams_list(); }
bool continues(const ProxiedRequest& request) { return !request.value("continue").empty(); }

constexpr std::array kPaths = {"/api/v1/namespaces", "/api/v1/pods", "/apis/networking.k8s.io/v1/networkpolicies"};

ApiServerOptions with_watch_list(bool on) {
  ApiServerOptions options;
  options.feature_gates = {std::string("WatchList=") + (on ? "true" : "false")};
  return options;
}

/// A pod of a node that does not exist, for which no agent enforces anything.
void add_far_pods(FaultScene& s, int count) {
  for (int i = 0; i < count; ++i)
    must(s.admin().post("/api/v1/namespaces/prod/pods",
                        R"({"metadata":{"name":"far-)" + std::to_string(i) +
                            R"(","labels":{"app":"web"}},"spec":{"nodeName":"far","containers":[{"name":"c",)"
                            R"("image":"none"}]}})"));
}

}  // namespace

TEST_CASE("objects that were deleted while versions expired are gone after a new list, and no others") {
  FaultScene s;
  TestPod& leaving = s.pod({"prod", "leaving", {{"app", "web"}}});
  s.create_policy("prod", "leaving", "{podSelector: {matchLabels: {app: door}}, policyTypes: [Egress]}");
  s.name_space("short", {});
  const Process agent = s.converged_agent();
  s.check({allow(leaving, s.api), deny(s.door, s.other)});
  Prober prober(s.steady());

  s.wire().refuse();
  s.remove(leaving);
  s.remove_policy("prod", "leaving");
  remove_namespace(s.admin(), "short");
  TestPod& coming = s.pod({"prod", "coming", {{"app", "web"}}});
  s.turn_door();
  s.server().expire_old_versions();
  const std::size_t mark = s.wire().log().mark();
  s.wire().listen();
  s.expect_right();
  s.check({deny(leaving, s.api), allow(coming, s.api), allow(s.door, s.other)});
  CHECK_FALSE(holds(s.tables(), leaving.address(IpFamily::v4).to_string()));
  // It tried to resume from its last version, learned by an event that this is gone, and requested a list.
  for (const char* path : kPaths) {
    REQUIRE(s.wire().log().saw(
        mark, [&](const ProxiedRequest& r) { return r.path == path && r.status == 200; }, 2));
    const auto requests = s.wire().log().of(path, mark, 200);
    CHECK_FALSE(lists(requests[0]));
    CHECK(lists(requests[1]));
  }
  prober.check();
}

TEST_CASE("410 as an HTTP status and as an event both lead to a new list") {
  FaultScene s;
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  std::size_t mark = s.wire().log().mark();
  s.wire().set("resourceVersion=", answer("410 Gone", kGone));
  s.wire().hang_up();
  CHECK(s.wire().log().saw(mark, lists, 3));
  s.turn_door();
  s.wire().clear();
  s.expect_right();
  for (const char* path : kPaths) {
    const auto requests = s.wire().log().of(path, mark);
    REQUIRE(requests.size() >= 2);
    CHECK_FALSE(lists(requests[0]));
    CHECK(lists(requests[1]));
  }

  mark = s.wire().log().mark();
  s.wire().inject("watch=", std::string(R"({"type":"ERROR","object":)") + kGone + "}\n", 3);
  REQUIRE(s.wire().injected());
  s.turn_door();
  s.expect_right();
  for (const char* path : kPaths) {
    REQUIRE(s.wire().log().saw(mark, [&](const ProxiedRequest& request) { return request.path == path; }));
    CHECK(lists(s.wire().log().of(path, mark).front()));
  }
  prober.check();
}

TEST_CASE("if the server streams lists, an agent requests no others") {
  FaultScene s(with_watch_list(true));
  const Process agent = s.converged_agent();
  CHECK(s.wire().log().saw(
      0, [](const ProxiedRequest& r) { return r.streams_list() && r.status == 200; }, 3));
  for (const ProxiedRequest& request : s.wire().log().since()) CHECK((request.is_watch() || request.is_discovery()));
  s.turn_door();
  s.expect_right();
}

TEST_CASE("if the server does not stream lists they are read in pages, even if the pages expire") {
  FaultScene s(with_watch_list(false));
  add_far_pods(s, 1100);
  s.wire().set("continue=", stall());
  const Process agent = s.start_agent();
  REQUIRE(s.wire().log().saw(0, continues));
  s.server().expire_old_versions();
  s.wire().clear();
  s.expect_right();
  CHECK(s.wire().log().saw(0, [](const ProxiedRequest& r) { return continues(r) && r.status == 410; }));
  CHECK(s.wire().log().saw(
      0, [](const ProxiedRequest& r) { return !r.is_watch() && !r.is_discovery() && r.status == 200; }, 4));
  CHECK_FALSE(s.wire().log().since().empty());
  std::size_t streamed = 0;
  for (const ProxiedRequest& request : s.wire().log().since()) streamed += streams(request) ? 1 : 0;
  CHECK(streamed <= 3);  // one try for each resource, and then no more
  s.turn_door();
  s.expect_right();
}

}  // namespace selvage::testing

#include <catch2/catch.hpp>
#include <cerrno>
#include <map>
#include <mutex>

#include "controller/sources/unsupported_poll.h"
#include "tests/controller/log_capture.h"
#include "tests/support/scripted_transport.h"

/// Policies of other APIs: how many an API server has, and what is reported.
namespace selvage::testing {
namespace {

using controller::count_unsupported_policies;
using controller::UnsupportedFindings;
using controller::UnsupportedPolicies;
using k8s_client::TypeName;
using k8s_client::UnsupportedCounts;

const TypeName kCilium{"cilium.io/v2", "CiliumNetworkPolicy"};
const TypeName kCalico{"crd.projectcalico.org/v1", "NetworkPolicy"};

struct Answer {
  int code = 200;
  std::string body;
};

std::string list_of(std::size_t items, const std::string& metadata) {
  std::string text;
  for (std::size_t i = 0; i < items; ++i) text += std::string(i == 0 ? "" : ",") + R"({"metadata":{"name":"p"}})";
  return R"({"kind":"PartialObjectMetadataList","metadata":{"resourceVersion":"5")" + metadata + R"(},"items":[)" +
         text + "]}";
}

/// A list of one object, with `remaining` more behind it.
Answer with_more(std::size_t remaining) {
  return {200, list_of(1, R"(,"continue":"T","remainingItemCount":)" + std::to_string(remaining))};
}

Answer groups(const std::vector<std::string>& api_versions) {
  std::string text;
  for (const auto& version : api_versions) {
    text += std::string(text.empty() ? "" : ",") + R"({"name":"g","versions":[{"groupVersion":")" + version +
            R"(","version":"v"}],"preferredVersion":{}})";
  }
  return {200, R"({"kind":"APIGroupList","apiVersion":"v1","groups":[)" + text + "]}"};
}

/// An API server that answers by path; 404 to all other paths, and no connection where the code is 0.
class Server {
 public:
  explicit Server(std::map<std::string, Answer> answers)
      : transport([this](const k8s_client::Request& request, ScriptedWire& wire) { answer(request, wire); }),
        answers_(std::move(answers)) {}

  [[nodiscard]] UnsupportedFindings count() { return count_unsupported_policies(transport, std::chrono::seconds(30)); }

  ScriptedTransport transport;
  std::vector<k8s_client::Request> requests;

 private:
  void answer(const k8s_client::Request& request, ScriptedWire& wire) {
    requests.push_back(request);
    const auto found = answers_.find(request.target.substr(0, request.target.find('?')));
    const Answer answer = found == answers_.end() ? Answer{404, "404 page not found"} : found->second;
    if (answer.code == 0) return wire.fail(ECONNREFUSED);
    wire.head({answer.code, std::nullopt});
    wire.write(answer.body);
    wire.end();
  }

  std::map<std::string, Answer> answers_;
};

const std::string kCiliumPath = "/apis/cilium.io/v2/ciliumnetworkpolicies";
const std::string kStoredPath = "/apis/crd.projectcalico.org/v1/networkpolicies";
const std::string kServedPath = "/apis/projectcalico.org/v3/networkpolicies";

TEST_CASE("an API server without other policy APIs is asked one question") {
  Server server({{"/apis", groups({"apps/v1", "networking.k8s.io/v1"})}});
  const auto found = server.count();
  CHECK(found.counts.empty());
  CHECK_FALSE(found.error);
  CHECK(server.requests.size() == 1);
}

TEST_CASE("objects are counted by a request for the metadata of one") {
  struct Case {
    Answer answer;
    std::size_t count;
  };
  const auto [answer, count] =
      GENERATE(Case{{200, list_of(0, "")}, 0}, Case{{200, list_of(1, "")}, 1}, Case{with_more(4), 5},
               // A server that does not say how many follow.
               Case{{200, list_of(1, R"(,"continue":"T")")}, 2},
               // One that does not know `limit`.
               Case{{200, list_of(3, "")}, 3});
  Server server({{"/apis", groups({"cilium.io/v2"})}, {kCiliumPath, answer}});
  const auto found = server.count();
  CHECK(found.counts == UnsupportedCounts{{kCilium, count}});
  CHECK_FALSE(found.error);
  REQUIRE(server.requests.size() == 3);
  CHECK(server.requests[1].target == kCiliumPath + "?limit=1");
  CHECK(server.requests[1].metadata_only);
}

TEST_CASE("objects that a server offers in two API groups are counted once") {
  const std::vector<std::string> both = {"crd.projectcalico.org/v1", "projectcalico.org/v3"};
  Server server({{"/apis", groups(both)}, {kStoredPath, with_more(1)}, {kServedPath, with_more(7)}});
  CHECK(server.count().counts == UnsupportedCounts{{kCalico, 2}});
  Server served({{"/apis", groups(both)}, {kServedPath, with_more(7)}});
  CHECK(served.count().counts == UnsupportedCounts{{{"projectcalico.org/v3", "NetworkPolicy"}, 8}});
}

TEST_CASE("resources that may not be listed are named, and others counted") {
  Server server({{"/apis", groups({"cilium.io/v2"})},
                 {kCiliumPath, {403, "{}"}},
                 {"/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies", with_more(0)}});
  const auto found = server.count();
  CHECK(found.forbidden == std::set<std::string>{"ciliumnetworkpolicies.cilium.io"});
  CHECK(found.counts.size() == 1);
  CHECK_FALSE(found.error);
}

TEST_CASE("where the API groups may not be listed each resource is asked for") {
  Server server({{"/apis", {403, "{}"}}, {kCiliumPath, with_more(1)}});
  const auto found = server.count();
  CHECK(found.counts == UnsupportedCounts{{kCilium, 2}});
  CHECK_FALSE(found.error);
}

TEST_CASE("what cannot be counted is an error, and no number") {
  const auto answer = GENERATE(Answer{0, ""}, Answer{500, "{}"}, Answer{200, "{}"}, Answer{200, "[]"},
                               Answer{200, R"({"items":[],"metadata":{}})"});
  Server server({{"/apis", groups({"cilium.io/v2"})}, {kCiliumPath, answer}});
  const auto found = server.count();
  CHECK(found.counts.empty());
  CHECK(found.error);
  Server away({{"/apis", {0, ""}}});
  CHECK(away.count().error);
  CHECK(away.requests.size() == 1);
}

struct ReportedCounts {
  LogCapture log;
  telemetry::Metrics metrics{{}, Clock::now()};
  UnsupportedPolicies report{metrics};

  [[nodiscard]] bool metric_is(const std::string& labels, int value) {
    const std::string line = "\nselvage_unsupported_policies{" + labels + "} " + std::to_string(value) + "\n";
    return metrics.page(Clock::now()).find(line) != std::string::npos;
  }
};

const std::string kCiliumLabels = R"(api_group="cilium.io",kind="CiliumNetworkPolicy")";

TEST_CASE("policies that are not enforced are logged when their number grows, and counted") {
  ReportedCounts reported;
  reported.report.set({{kCilium, 5}});
  CHECK(reported.log.text() ==
        "5 CiliumNetworkPolicy objects are not enforced: Selvage does not support cilium.io/v2 yet\n");
  CHECK(reported.metric_is(kCiliumLabels, 5));
  reported.report.set({{kCilium, 5}});
  reported.report.set({{kCilium, 3}});
  CHECK(reported.log.count("\n") == 1);
  CHECK(reported.metric_is(kCiliumLabels, 3));
  reported.report.set({{kCilium, 4}});
  CHECK(reported.log.count("4 CiliumNetworkPolicy objects are not enforced") == 1);
  reported.report.set({});
  CHECK(reported.log.count("no CiliumNetworkPolicy objects of cilium.io/v2 are left\n") == 1);
  CHECK(reported.metric_is(kCiliumLabels, 0));
  reported.report.set({{kCilium, 1}});
  CHECK(reported.log.count("\n1 CiliumNetworkPolicy object is not enforced") == 1);
}

TEST_CASE("a number that is not known stays as it was") {
  ReportedCounts reported;
  reported.report.set({{kCilium, 5}, {kCalico, 1}});
  reported.report.update({{kCalico, 2}});
  CHECK(reported.metric_is(kCiliumLabels, 5));
  reported.report.set({{kCilium, 5}, {kCalico, 2}});
  CHECK(reported.log.count("CiliumNetworkPolicy") == 1);
  CHECK(reported.log.count("\n") == 3);
}

TEST_CASE("the metric adds up the versions of a group") {
  ReportedCounts reported;
  reported.report.set({{kCilium, 5}, {{"cilium.io/v2alpha1", "CiliumNetworkPolicy"}, 2}});
  CHECK(reported.metric_is(kCiliumLabels, 7));
  CHECK(reported.log.count("\n") == 2);
}

}  // namespace
}  // namespace selvage::testing

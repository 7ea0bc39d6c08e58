#include "telemetry/health.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <thread>

#include "telemetry/endpoints.h"

namespace selvage::telemetry {
namespace {

using std::chrono::seconds;

const Moment kNow = Moment{} + std::chrono::hours(1000);
const HealthLimits kLimits{seconds(300), seconds(60)};

HealthFacts good() {
  HealthFacts facts;
  facts.committed = true;
  return facts;
}

/// Names of the checks that fail.
std::vector<std::string> failing(const HealthChecks& checks) {
  std::vector<std::string> names;
  for (const HealthCheck& check : checks) {
    if (!check.ok()) names.push_back(check.name);
  }
  return names;
}

std::vector<std::string> not_ready(const HealthFacts& facts) { return failing(readiness(facts, kLimits, kNow)); }
bool alive(const LoopState& loop) {
  HealthFacts facts = good();
  facts.loop = loop;
  return healthy(liveness(facts, kLimits, kNow));
}

using Names = std::vector<std::string>;

TEST_CASE("ready after the first commit") {
  CHECK(not_ready({}) == Names{"commit"});
  CHECK(not_ready(good()).empty());
}

TEST_CASE("not ready while the kernel refuses an object, and the reason has object and errno") {
  HealthFacts facts = good();
  facts.refused = {{"pod prod/api-0", ENOSPC}, {"the tables", 0}};
  const HealthChecks checks = readiness(facts, kLimits, kNow);
  CHECK(failing(checks) == Names{"refused"});
  REQUIRE(checks[1].reasons.size() == 2);
  CHECK(checks[1].reasons[0].find("pod prod/api-0") != std::string::npos);
  CHECK(checks[1].reasons[0].find("No space left on device") != std::string::npos);
  CHECK(checks[1].reasons[1] == "refused: the tables; it is retried");
}

TEST_CASE("an errno that a refusal already describes is not repeated") {
  HealthFacts facts = good();
  facts.refused = {{"element x: No space left on device", ENOSPC}};
  CHECK(readiness(facts, kLimits, kNow)[1].reasons[0] == "refused: element x: No space left on device; it is retried");
}

TEST_CASE("not ready while a source is stale for longer than the limit") {
  HealthFacts facts = good();
  facts.stale = {{"pods", kNow - seconds(300)}};
  CHECK(not_ready(facts).empty());
  facts.stale = {{"pods", kNow - seconds(301)}, {"namespaces", kNow - seconds(400)}};
  const HealthChecks checks = readiness(facts, kLimits, kNow);
  CHECK(failing(checks) == Names{"sources"});
  CHECK(checks[2].reasons.size() == 2);
}

TEST_CASE("not ready while packets bypass the tables, or the preflight fails") {
  HealthFacts facts = good();
  facts.not_effective = "br_netfilter is missing: modprobe br_netfilter";
  facts.preflight_failures = {"kube-ipvs0 is there: ..."};
  CHECK(not_ready(facts) == Names{"effective", "preflight"});
}

TEST_CASE("stale sources, refusals and missing commits do not affect liveness") {
  HealthFacts facts;
  facts.refused = {{"the tables", ENOMEM}};
  facts.stale = {{"pods", kNow - seconds(9000)}};
  CHECK(healthy(liveness(facts, kLimits, kNow)));
}

TEST_CASE("liveness passes while the loop's turn is short, while it waits, and while it is not overdue") {
  CHECK(alive({}));
  CHECK(alive({true, kNow - seconds(60)}));
  CHECK_FALSE(alive({true, kNow - seconds(61)}));
  CHECK(alive({false, std::nullopt}));
  CHECK(alive({false, kNow + seconds(5)}));
  CHECK(alive({false, kNow - seconds(60)}));
  CHECK_FALSE(alive({false, kNow - seconds(61)}));
}

TEST_CASE("facts are those that the agent's thread has set") {
  Health health(kLimits);
  health.set_committed();
  health.set_refused({{"pod prod/api-0", EBUSY}});
  health.set_stale("pods", kNow);
  health.set_stale("namespaces", kNow);
  health.set_stale("namespaces", std::nullopt);
  health.set_not_effective("why");
  health.set_preflight_failures({"what"});
  health.loop_works(kNow);
  const HealthFacts facts = health.facts();
  CHECK(facts.committed);
  CHECK(facts.refused == std::vector<Refusal>{{"pod prod/api-0", EBUSY}});
  CHECK(facts.stale == std::map<std::string, Moment>{{"pods", kNow}});
  CHECK(facts.not_effective == "why");
  CHECK(facts.preflight_failures == Names{"what"});
  CHECK(facts.loop == LoopState{true, kNow});
  health.loop_waits(kNow);
  CHECK(health.facts().loop == LoopState{false, kNow});
  health.set_refused({});
  CHECK(health.facts().refused.empty());
}

TEST_CASE("health can be set and read concurrently") {
  Health health;
  std::thread teller([&] {
    for (int i = 0; i < 1000; ++i) {
      health.loop_works(kNow);
      health.set_stale("pods", i % 2 == 0 ? std::optional(kNow) : std::nullopt);
      health.set_refused(std::vector<Refusal>(static_cast<std::size_t>(i % 3), Refusal{"x", 0}));
    }
  });
  for (int i = 0; i < 1000; ++i) CHECK(readiness(health.facts(), kLimits, kNow).size() == 5);
  teller.join();
}

TEST_CASE("a probe's answer is ok, or a line for each reason") {
  const HealthChecks bad{{"one", {}}, {"two", {"a\nb", "c"}}};
  const HttpResponse fine = health_response("readyz", {{"one", {}}}, false);
  CHECK(fine.status == 200);
  CHECK(*fine.body == "ok");
  const HttpResponse failed = health_response("readyz", bad, false);
  CHECK(failed.status == 503);
  CHECK(*failed.body == "a b\nc\n");
}

TEST_CASE("a verbose probe's answer has a line for each check") {
  const HealthChecks bad{{"one", {}}, {"two", {"a"}}};
  CHECK(*health_response("livez", bad, true).body == "[+]one ok\n[-]two failed: a\nlivez check failed\n");
  CHECK(*health_response("livez", {{"one", {}}}, true).body == "[+]one ok\nlivez check passed\n");
}

}  // namespace
}  // namespace selvage::telemetry

#include "controller/agent/policy_log.h"

#include <catch2/catch.hpp>
#include <regex>

#include "controller/output/counted.h"
#include "policy/compile/compiler.h"
#include "tests/controller/log_capture.h"
#include "tests/support/policy_cases.h"

/// The line for each policy that is added, changed or removed.
namespace selvage::testing {
namespace {

using controller::PolicyLog;
using policy::Mode;

/// A policy log beside the stages and the compiler that Enforcer has.
struct Node {
  LogCapture log;
  PolicyLog policies;
  policy::Stages stages;
  policy::Compiler compiler{kNode};

  Node() {
    for (const auto& object : world_with({})) take({policy::upsert(object)});
  }
  void take(const std::vector<policy::Event>& events) {
    controller::Mailbox::Contents mail;
    mail.events = events;
    mail.received.assign(events.size(), Clock::now());
    policies.note(mail, stages);
    for (const auto& event : stages.take(events).enforced) compiler.apply(event);
  }
  /// What the commit of the events' tables logs, without the milliseconds.
  std::string lines(const std::vector<policy::Event>& events, Mode mode = Mode::enforced) {
    take(events);
    const std::size_t before = log.text().size();
    policies.committed(mode, stages, compiler.update().inventory());
    return std::regex_replace(log.text().substr(before), std::regex(" \\([0-9]+\\.[0-9] ms\\)"), "");
  }
};

policy::NetworkPolicy web_to_api() {
  return ingress_policy("prod/api", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})});
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_CASE("a policy that is added, changed and removed is logged with the pods it isolates and its peers") {
  Node node;
  CHECK(holds(node.lines({policy::upsert(web_to_api())}),
              "policy prod/api added: isolates 1 pod of this node (prod/api-0), ingress from ns=prod app=web\n"));
  policy::NetworkPolicy other = web_to_api();
  other.ingress = {allow({block("10.0.0.0/8")}), allow_all()};
  CHECK(holds(node.lines({policy::upsert(other)}),
              "policy prod/api changed: isolates 1 pod of this node (prod/api-0), ingress from 10.0.0.0/8, anyone\n"));
  CHECK(holds(node.lines({policy::removal(policy::key_of(other))}),
              "policy prod/api removed: isolated 1 pod of this node (prod/api-0), ingress from 10.0.0.0/8, anyone\n"));
}

TEST_CASE("the line of a policy names both directions, and the first few of many pods") {
  Node node;
  std::vector<policy::Event> pods;
  for (int i = 1; i <= 4; ++i) {
    pods.push_back(policy::upsert(pod("prod/api-" + std::to_string(i), {{"app", "api"}}, {}, kNode)));
  }
  node.take(pods);
  CHECK(holds(node.lines({policy::upsert(both_policy("prod/api", where({is("app", "api")}), {}, {allow_all()}))}),
              "isolates 5 pods of this node (prod/api-0, prod/api-1, prod/api-2, ...), ingress from nobody, egress to "
              "anyone\n"));
}

TEST_CASE("a policy without a pod of this node is logged as such") {
  Node node;
  CHECK(holds(node.lines({policy::upsert(ingress_policy("prod/none", where({is("app", "none")}), {}))}),
              "policy prod/none added: selects no pod of this node\n"));
}

TEST_CASE("policies that do not change, and other objects, have no line") {
  Node node;
  node.lines({policy::upsert(web_to_api())});
  CHECK(node.lines({policy::upsert(web_to_api()), policy::upsert(pod("prod/new", {}, {}, kNode)),
                    policy::removal(policy::key_of(ingress_policy("prod/unknown", where({}), {})))})
            .empty());
}

TEST_CASE("a staged policy is logged when its own table is committed") {
  Node node;
  policy::NetworkPolicy staged = web_to_api();
  staged.mode = Mode::staged;
  CHECK(node.lines({policy::upsert(staged)}).empty());
  CHECK(holds(node.lines({}, Mode::staged),
              "staged policy prod/api added: would isolate 1 pod of this node (prod/api-0), ingress from "));
  CHECK(holds(node.lines({policy::removal(policy::key_of(staged))}, Mode::staged),
              "staged policy prod/api removed: would have isolated 1 pod"));
}

TEST_CASE("what no commit has taken is logged with the one that does") {
  Node node;
  node.take({policy::upsert(web_to_api())});
  const std::string lines = node.lines({policy::removal(policy::key_of(web_to_api()))});
  CHECK(lines.empty());
}

TEST_CASE("of many policies at once the first few are named, the others counted") {
  Node node;
  std::vector<policy::Event> events;
  for (int i = 0; i < 22; ++i) {
    events.push_back(policy::upsert(ingress_policy("prod/p" + std::to_string(i), where({is("app", "api")}), {})));
  }
  const std::string lines = node.lines(events);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 21);
  CHECK(holds(lines, "and 2 more policies changed\n"));
}

TEST_CASE("numbers have the right plural") {
  CHECK(controller::counted(1, "policy", "policies") == "1 policy");
  CHECK(controller::counted(0, "policy", "policies") == "0 policies");
  CHECK(controller::counted(1, "pod") == "1 pod");
  CHECK(controller::counted(2, "pod") == "2 pods");
}

}  // namespace
}  // namespace selvage::testing

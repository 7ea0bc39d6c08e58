#include "policy/explain/explain.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "policy/compile/compiler.h"
#include "policy/explain/explain_text.h"
#include "tests/support/policy_cases.h"

/// Explanations of flows that hand-written policies deny, in the world of policy_cases.h.
namespace selvage::testing {
namespace {

using policy::Direction;
using policy::Explanation;
using policy::FlowEnd;
using policy::FlowVerdict;
using policy::Protocol;
using Kind = FlowEnd::Kind;

constexpr auto kIn = Direction::ingress;
constexpr auto kOut = Direction::egress;
constexpr policy::PodNetworks kNetworks{{24, 64}, 2};

Explanation explain(const std::vector<policy::Object>& extra, Direction direction, const FirstPacket& packet) {
  const auto compiler = policy::compile(world_with(extra), kNode);
  return policy::explain(*compiler, kNetworks, direction,
                         {packet.source, packet.destination, packet.protocol, packet.destination_port.value_or(0)});
}

std::string reason(const std::vector<policy::Object>& extra, Direction direction, const FirstPacket& packet) {
  return policy::reason(explain(extra, direction, packet));
}

/// The only condition of the nearest rule that fails.
template <class Failed>
Failed only_failed(const Explanation& explanation) {
  REQUIRE(explanation.verdict == FlowVerdict::denied);
  REQUIRE(explanation.nearest);
  REQUIRE(explanation.nearest->failed.size() == 1);
  INFO(policy::reason(explanation));
  REQUIRE(std::holds_alternative<Failed>(explanation.nearest->failed[0]));
  return std::get<Failed>(explanation.nearest->failed[0]);
}

const auto kApiPods = where({is("app", "api")});
const auto kWebPods = where({is("app", "web")});
const auto kTcp8080 = port(Protocol::tcp, 8080);

TEST_CASE("a denial names the nearest rule and the condition that fails") {
  const auto web_to_api = ingress_policy("prod/allow-web-to-api", kApiPods, {allow({pods(kWebPods)}, {kTcp8080})});
  CHECK(reason({web_to_api}, kIn, tcp(kWeb, kApi, 8081)) == "prod/allow-web-to-api allows TCP 8080, not 8081");
  CHECK(reason({web_to_api}, kIn, udp(kWeb, kApi, 8080)) == "prod/allow-web-to-api allows TCP 8080, not UDP 8080");
  CHECK(reason({web_to_api}, kIn, ping(kWeb, kApi)) == "prod/allow-web-to-api allows TCP 8080, not ICMP");
  CHECK(reason({web_to_api}, kIn, tcp(kDb, kApi, 8080)) ==
        "prod/allow-web-to-api: pod prod/db-0 has label app=db, not web");
  CHECK(reason({web_to_api}, kIn, tcp(kDev, kApi, 8080)) ==
        "prod/allow-web-to-api allows pods of namespace prod, not of dev");
  CHECK(reason({web_to_api}, kIn, tcp(kProm, kApi, 8080)) == "no rule of any policy names this peer");
  CHECK(reason({web_to_api}, kIn, tcp(kDev, kApi, 9)) ==
        "prod/allow-web-to-api allows pods of namespace prod, not of dev, and it allows TCP 8080, not 9");
  const auto frontend = ingress_policy("prod/from-frontend", kApiPods, {allow({namespaces(where({is("name", "x")}))})});
  CHECK(reason({frontend}, kIn, tcp(kDev, kApi, 80)) == "prod/from-frontend: namespace dev lacks label name=x");
}

TEST_CASE("both ends are looked up") {
  policy::Pod kubelet = pod("kube-system/proxy", {}, {"192.168.0.7"}, "node-7");
  kubelet.host_network = true;
  const auto deny = ingress_policy("prod/deny", where(), {});
  const auto source_of = [&](const char* address) {
    return explain({kubelet, deny}, kIn, tcp(address, kApi, 80)).source;
  };
  CHECK(source_of(kWeb) == FlowEnd{Kind::pod, address(kWeb), "prod", "web-0"});
  CHECK(source_of("192.168.0.7") == FlowEnd{Kind::node, address("192.168.0.7"), "", "node-7"});
  CHECK(source_of(kWorld) == FlowEnd{Kind::address, address(kWorld), "", ""});
  CHECK(source_of("10.244.2.77") == FlowEnd{Kind::unknown_pod, address("10.244.2.77"), "", ""});
  CHECK(source_of("10.244.2.1") == FlowEnd{Kind::node, address("10.244.2.1"), "", ""});
  CHECK(source_of("10.244.2.0").kind == Kind::node);
  CHECK(source_of("10.244.77.5").kind == Kind::address);
  const auto six = explain({deny}, kIn, tcp("fd00:244:1::77", kApi6, 80));
  CHECK(six.source.kind == Kind::unknown_pod);
  CHECK(six.destination == FlowEnd{Kind::pod, address(kApi6), "prod", "api-0"});
}

TEST_CASE("the policies that isolate the pod in the direction are named, in order") {
  const auto explanation = explain({ingress_policy("prod/z", kApiPods, {}), both_policy("prod/b", where(), {}, {}),
                                    egress_policy("prod/a", where(), {}), ingress_policy("dev/c", where(), {}),
                                    ingress_policy("prod/other", kWebPods, {})},
                                   kIn, tcp(kWeb, kApi, 80));
  CHECK(explanation.policies == std::vector<std::string>{"prod/b", "prod/z"});
  CHECK(explanation.policy_count == 2);
  CHECK_FALSE(explanation.nearest);
}

TEST_CASE("of many policies the first are named and all are counted") {
  std::vector<policy::Object> many;
  for (int i = 0; i < 100; ++i) many.push_back(ingress_policy("prod/p" + std::to_string(1000 + i), where(), {}));
  const auto explanation = explain(many, kIn, tcp(kWeb, kApi, 80));
  CHECK(explanation.policy_count == 100);
  REQUIRE(explanation.policies.size() == policy::kMaxPolicies);
  CHECK(explanation.policies.front() == "prod/p1000");
  CHECK(std::is_sorted(explanation.policies.begin(), explanation.policies.end()));
}

TEST_CASE("a flow that is not denied now is reported so") {
  const auto allowing = ingress_policy("prod/ok", kApiPods, {allow({pods(kWebPods)})});
  const auto allowed = explain({allowing, ingress_policy("prod/deny", where(), {})}, kIn, tcp(kWeb, kApi, 80));
  CHECK(allowed.verdict == FlowVerdict::allowed);
  CHECK(allowed.allowed_by == "prod/ok");
  CHECK(explain({}, kIn, tcp(kWeb, kApi, 80)).verdict == FlowVerdict::not_isolated);
  CHECK(explain({allowing}, kOut, tcp(kApi, kWeb, 80)).verdict == FlowVerdict::not_isolated);
  CHECK(explain({allowing}, kIn, tcp(kWeb, "10.244.1.99", 80)).verdict == FlowVerdict::no_local_pod);
  CHECK(explain({allowing}, kIn, tcp(kWeb, kFar, 80)).verdict == FlowVerdict::no_local_pod);
  const auto itself = explain({ingress_policy("prod/deny", where(), {})}, kIn, tcp(kApi, kApi, 80));
  CHECK(itself.verdict == FlowVerdict::allowed);
  CHECK(itself.allowed_by.empty());
}

TEST_CASE("a label that does not match is reported with its value") {
  const auto requirement = GENERATE(is("app", "web"), one_of("app", {"front", "web"}), none_of("app", {"cache", "db"}),
                                    has("tier-2"), lacks("tier"), is("none", "x"));
  const auto explanation =
      explain({ingress_policy("prod/p", kApiPods, {allow({pods(where({requirement}))})})}, kIn, tcp(kDb, kApi, 80));
  const auto failed = only_failed<policy::LabelMismatch>(explanation);
  CHECK(failed.object == policy::LabelMismatch::Object::pod);
  CHECK(failed.name == "prod/db-0");
  CHECK(failed.requirement == requirement);
  if (requirement.key == "app") CHECK(failed.value == "db");
  if (requirement.key == "tier") CHECK(failed.value == "back");
  if (requirement.key == "tier-2" || requirement.key == "none") CHECK_FALSE(failed.value);
}

TEST_CASE("of a namespace and its pods, only the failed condition is reported") {
  const auto peer = pods_in(where({is("team", "ops"), has("kubernetes.io/metadata.name")}), where({is("app", "web")}));
  const auto failed = only_failed<policy::LabelMismatch>(
      explain({ingress_policy("prod/p", kApiPods, {allow({peer})})}, kIn, tcp(kDev, kApi, 80)));
  CHECK(failed.object == policy::LabelMismatch::Object::name_space);
  CHECK(failed.name == "dev");
  CHECK(failed.value == "shop");
}

TEST_CASE("an unknown namespace is reported") {
  const auto explanation =
      explain({ingress_policy("prod/p", kApiPods, {allow({namespaces(where())})})}, kIn, tcp(kGhost, kApi, 80));
  CHECK(only_failed<policy::UnknownNamespace>(explanation).name == "ghost");
}

TEST_CASE("an address outside of all blocks is reported with the nearest one") {
  const auto rule = allow({block("198.51.100.0/24"), block("203.0.112.0/24"), block("2001:db8::/32")});
  const auto policy_object = ingress_policy("prod/p", kApiPods, {rule});
  const auto failed = only_failed<policy::BlockMismatch>(explain({policy_object}, kIn, tcp(kWorld, kApi, 80)));
  CHECK(failed.nearest.to_string() == "203.0.112.0/24");
  CHECK(failed.blocks == 3);
  CHECK(explain({policy_object}, kIn, tcp("2001:db9::1", kApi6, 80)).nearest);
  // A pod is not told to move: blocks are not meant for pods.
  CHECK_FALSE(explain({policy_object}, kIn, tcp(kWeb, kApi, 80)).nearest);
}

TEST_CASE("an address in an except is reported, for a pod too") {
  const auto rule =
      allow({block("203.0.113.0/24", {"203.0.113.128/25", "203.0.113.8/29"}), block("10.0.0.0/8", {"10.244.0.0/16"})});
  const auto policy_object = ingress_policy("prod/p", kApiPods, {rule});
  const auto world = only_failed<policy::ExceptMismatch>(explain({policy_object}, kIn, tcp(kWorld, kApi, 80)));
  CHECK(world.except.to_string() == "203.0.113.8/29");
  CHECK(world.cidr.to_string() == "203.0.113.0/24");
  CHECK(only_failed<policy::ExceptMismatch>(explain({policy_object}, kIn, tcp(kWeb, kApi, 80))).except.to_string() ==
        "10.244.0.0/16");
}

TEST_CASE("a port's name is reported with its number on the destination pod, or that it has none") {
  const auto named = ingress_policy("prod/p", where(), {allow_anyone({port_name(Protocol::tcp, "http")})});
  const auto failed = only_failed<policy::PortMismatch>(explain({named}, kIn, tcp(kWeb, kApi, 8081)));
  REQUIRE(failed.allowed.size() == 1);
  CHECK(failed.allowed[0].number == 8080);
  const auto nameless = only_failed<policy::PortMismatch>(explain({named}, kIn, tcp(kWeb, kDb, 8080)));
  CHECK_FALSE(nameless.allowed[0].number);
  CHECK(reason({named}, kIn, tcp(kWeb, kDb, 8080)) ==
        "prod/p allows TCP http (which prod/db-0 does not have), not 8080");
  // For egress, on the pod that is spoken to.
  const auto out = egress_policy("prod/out", where(), {allow_anyone({port_name(Protocol::tcp, "http")})});
  CHECK(only_failed<policy::PortMismatch>(explain({out}, kOut, tcp(kWeb, kFar, 80))).allowed[0].number == 8000);
  CHECK_FALSE(only_failed<policy::PortMismatch>(explain({out}, kOut, tcp(kWeb, kWorld, 80))).allowed[0].number);
}

TEST_CASE("ports are reported as they are written") {
  const auto several = ingress_policy(
      "prod/p", kApiPods,
      {allow_anyone({port(Protocol::tcp, 80), port_range(Protocol::tcp, 8000, 8010), port(Protocol::udp, 53)})});
  CHECK(reason({several}, kIn, tcp(kWeb, kApi, 81)) == "prod/p allows TCP 80, 8000-8010 and UDP 53, not TCP 81");
  const auto all_udp = ingress_policy("prod/p", kApiPods, {allow_anyone({all_ports(Protocol::udp)})});
  CHECK(reason({all_udp}, kIn, tcp(kWeb, kApi, 81)) == "prod/p allows UDP, not TCP 81");
  std::vector<policy::PortMatch> many;
  for (std::uint16_t number = 1; number <= 50; ++number) many.push_back(port(Protocol::tcp, number));
  const auto explanation =
      explain({ingress_policy("prod/p", kApiPods, {allow_anyone(many)})}, kIn, tcp(kWeb, kApi, 81));
  CHECK(only_failed<policy::PortMismatch>(explanation).count == 50);
  CHECK(only_failed<policy::PortMismatch>(explanation).allowed.size() == policy::kMaxListed);
  policy::Rule refused;
  refused.any_peer = true;
  CHECK(only_failed<policy::PortMismatch>(
            explain({ingress_policy("prod/p", kApiPods, {refused})}, kIn, tcp(kWeb, kApi, 1)))
            .allowed.empty());
}

TEST_CASE("the nearest rule fails the fewest conditions; of equal ones first the one whose port fails, then by name") {
  const auto two_labels = where({is("app", "web"), is("tier", "front")});
  const auto by_labels = ingress_policy("prod/a-labels", kApiPods, {allow({pods(two_labels)})});
  const auto by_label = ingress_policy("prod/b-label", kApiPods, {allow({pods(where({is("tier", "front")}))})});
  const auto by_port = ingress_policy("prod/c-port", kApiPods, {allow({pods(where({is("app", "db")}))}, {kTcp8080})});
  const auto also_by_port = ingress_policy("prod/d-port", kApiPods, {allow_anyone({kTcp8080})});
  const auto nearest = [](const std::vector<policy::Object>& objects) {
    return explain(objects, kIn, tcp(kDb, kApi, 80)).nearest.value().policy;
  };
  CHECK(nearest({by_labels}) == "prod/a-labels");
  CHECK(nearest({by_labels, by_label}) == "prod/b-label");
  CHECK(nearest({by_labels, by_label, also_by_port}) == "prod/d-port");
  CHECK(nearest({also_by_port, by_label, by_labels, by_port}) == "prod/c-port");
}

TEST_CASE("the nearest peer of the nearest rule is reported by its index") {
  const auto rules = std::vector{allow({pods(where({is("app", "x"), is("tier", "y")}))}),
                                 allow({block("192.0.2.0/24"), pods(where({is("app", "db"), is("tier", "front")})),
                                        pods(where({is("app", "x")}))})};
  const auto explanation = explain({ingress_policy("prod/p", kApiPods, rules)}, kIn, tcp(kDb, kApi, 80));
  REQUIRE(explanation.nearest);
  CHECK(explanation.nearest->rule == 1);
  CHECK(explanation.nearest->peer == 1);  // of two with one failed condition the one with more that matches
  CHECK(explanation.names_peer());
}

TEST_CASE("a rule that is two labels away is not named in the reason, but is in the explanation") {
  const auto explanation =
      explain({ingress_policy("prod/p", kApiPods, {allow({pods(where({is("app", "x"), is("tier", "y")}))})})}, kIn,
              tcp(kDb, kApi, 80));
  REQUIRE(explanation.nearest);
  CHECK(explanation.nearest->failed.size() == 2);
  CHECK_FALSE(explanation.names_peer());
}

TEST_CASE("rules for pods are not the nearest to an address that is no pod's") {
  const auto by_pods = ingress_policy("prod/p", kApiPods, {allow({pods(where()), namespaces(where())})});
  for (const char* peer : {kWorld, "10.244.2.77", kNodeAddress}) {
    const auto explanation = explain({by_pods}, kIn, tcp(peer, kApi, 80));
    CHECK(explanation.verdict == FlowVerdict::denied);
    CHECK_FALSE(explanation.nearest);
  }
  CHECK(reason({by_pods}, kIn, tcp("10.244.2.77", kApi, 80)).find("10.244.2.77") != std::string::npos);
}

TEST_CASE("an explanation stays short, however long the lists in policies are") {
  std::vector<std::string> values;
  std::vector<policy::LabelRequirement> requirements;
  for (int i = 0; i < 2000; ++i) {
    values.push_back("value-" + std::to_string(i));
    requirements.push_back(is("key-" + std::to_string(i), "x"));
  }
  const auto one = explain({ingress_policy("prod/p", kApiPods, {allow({pods(where({one_of("app", values)}))})})}, kIn,
                           tcp(kDb, kApi, 80));
  const auto failed = only_failed<policy::LabelMismatch>(one);
  CHECK(failed.requirement.values.size() == policy::kMaxListed);
  CHECK(failed.value_count == 2000);
  CHECK(policy::reason(one).size() < 300);
  const auto many =
      explain({ingress_policy("prod/p", kApiPods, {allow({pods(where(requirements))}, {port(Protocol::tcp, 1)})})}, kIn,
              tcp(kDb, kApi, 80));
  REQUIRE(many.nearest);
  CHECK(many.nearest->failed.size() == policy::kMaxListed + 1);
  CHECK(std::holds_alternative<policy::PortMismatch>(many.nearest->failed.back()));
  CHECK(many.nearest->failed_count == 2001);
  CHECK_FALSE(many.names_peer());
}

TEST_CASE("egress is explained by the source's policies") {
  const auto dns =
      egress_policy("prod/dns", kWebPods, {allow({namespaces(where({is("team", "ops")}))}, {port(Protocol::udp, 53)})});
  const auto explanation = explain({dns, ingress_policy("prod/in", where(), {})}, kOut, udp(kWeb, kDns, 53));
  CHECK(explanation.policies == std::vector<std::string>{"prod/dns"});
  CHECK(only_failed<policy::LabelMismatch>(explanation).name == "kube-system");
}

TEST_CASE("a search that reaches its limit ends, and reports it") {
  std::vector<policy::Peer> blocks;
  for (int i = 0; i < 60'000; ++i) {
    blocks.push_back(block("10." + std::to_string(i / 256) + "." + std::to_string(i % 256) + ".0/24"));
  }
  const auto explanation = explain({ingress_policy("prod/p", kApiPods, {allow(blocks)})}, kIn, tcp(kWorld, kApi, 80));
  CHECK(explanation.verdict == FlowVerdict::denied);
  CHECK_FALSE(explanation.complete);
  CHECK(explanation.nearest);
}

}  // namespace
}  // namespace selvage::testing

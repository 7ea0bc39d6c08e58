#include "controller/verdicts/verdicts.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// `selvage verdicts`: JSON lines in, what policy says out.
namespace selvage::testing {
namespace {

using controller::VerdictLine;
using controller::Verdicts;
using nlohmann::json;

/// The world of the policy cases, where web may reach api on 8080/TCP, and other pods of prod may not.
std::vector<policy::Object> guarded_world() {
  return world_with({ingress_policy("prod/api", where({is("app", "api")}),
                                    {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 8080)})})});
}

json answer(const json& query) {
  Verdicts verdicts(guarded_world(), true);
  const VerdictLine line = verdicts.answer(query.dump());
  INFO(line.text);
  CHECK_FALSE(line.unanswered);
  CHECK_FALSE(line.contradicts);
  return json::parse(line.text);
}

json tcp_query(const std::string& source, const std::string& destination, int port) {
  return {{"source", source}, {"destination", destination}, {"protocol", "TCP"}, {"port", port}};
}

TEST_CASE("an allowed flow names the rule that allows it") {
  const json said = answer(tcp_query("prod/web-0", "prod/api-0", 8080));
  CHECK(said["allowed"] == true);
  CHECK(said["tables"] == "allowed");
  CHECK(said["decidedBy"]["egress"] == json{{"action", "allow"}, {"end", true}});
  CHECK(said["decidedBy"]["ingress"] == json{{"tier", "default"},
                                             {"kind", "NetworkPolicy"},
                                             {"policy", "prod/api"},
                                             {"rule", 0},
                                             {"name", ""},
                                             {"action", "allow"}});
}

TEST_CASE("a denied flow names the end that denies it") {
  for (const json& query : {tcp_query("prod/web-0", "prod/api-0", 8081), tcp_query("dev/web-0", "prod/api-0", 8080),
                            tcp_query(kWorld, kApi, 8080)}) {
    const json said = answer(query);
    CHECK(said["egress"] == "allowed");
    CHECK(said["ingress"] == "denied");
    CHECK(said["allowed"] == false);
    CHECK(said["tables"] == "denied");
    CHECK(said["decidedBy"]["ingress"] == json{{"tier", "default"}, {"action", "deny"}, {"end", true}});
  }
}

TEST_CASE("ends are named by pod, address or node, in the family that is asked for") {
  json query = tcp_query("prod/web-0", "prod/api-0", 8080);
  query["family"] = "ipv6";
  CHECK(answer(query)["allowed"] == true);
  CHECK(answer(tcp_query(kWeb6, "prod/api-0", 8080))["allowed"] == true);
  const json outside = answer(tcp_query("prod/api-0", kWorld, 443));
  CHECK(outside["allowed"] == true);
  CHECK(outside["decidedBy"]["ingress"] == json{{"judged", false}});
}

TEST_CASE("a pod and its own node are not judged") {
  std::vector<policy::Object> objects = guarded_world();
  policy::Pod agent = pod("kube-system/agent-1", {}, {"192.168.0.7"}, kNode);
  agent.host_network = true;
  objects.emplace_back(agent);
  Verdicts verdicts(std::move(objects), true);
  for (const char* node : {"node/node-a", "192.168.0.7", "kube-system/agent-1"}) {
    const VerdictLine line = verdicts.answer(tcp_query(node, "prod/api-0", 9).dump());
    INFO(line.text);
    CHECK_FALSE(line.contradicts);
    const json said = json::parse(line.text);
    CHECK(said["allowed"] == true);
    CHECK(said["decidedBy"]["ingress"] == json{{"judged", false}});
  }
}

TEST_CASE("a line that cannot be answered names the member") {
  Verdicts verdicts(guarded_world(), false);
  const std::vector<std::pair<std::string, std::string>> lines = {
      {"", "JSON"},
      {"[]", "JSON"},
      {R"({"source": "prod/web-0"})", "destination"},
      {R"({"source": "web", "destination": "prod/api-0", "protocol": "TCP", "port": 80})", "source"},
      {R"({"source": "prod/web-0", "destination": "prod/nobody", "protocol": "TCP", "port": 80})", "prod/nobody"},
      {R"({"source": "node/x", "destination": "prod/api-0", "protocol": "TCP", "port": 80})", "node x"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "tcp", "port": 80})", "protocol"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": 256})", "protocol"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP"})", "port"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP", "port": 0})", "port"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP", "port": 65536})", "port"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP", "port": -1})", "port"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "ICMP", "port": 80})", "port"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "ICMP", "sourcePort": 80})", "sourcePort"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "UDP", "port": 1, "icmpType": 8})",
       "icmpType"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "ICMP", "icmpCode": 0})", "icmpCode"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP", "port": 80, "family": "v6"})",
       "family"},
      {R"({"source": "prod/web-0", "destination": "prod/api-0", "protocol": "TCP", "port": 80, "ports": []})", "ports"},
      {R"({"source": "2001:db8::1", "destination": "203.0.113.9", "protocol": "TCP", "port": 80})", "family"},
  };
  for (const auto& [line, part] : lines) {
    const VerdictLine said = verdicts.answer(line);
    INFO(line << " -> " << said.text);
    CHECK(said.unanswered);
    CHECK(json::parse(said.text)["error"].get<std::string>().find(part) != std::string::npos);
  }
}

TEST_CASE("verdicts are those of the ordered model, and the tables agree") {
  std::size_t denied = 0;
  std::size_t by_tables = 0;
  for_each_seed(60, [&](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const auto objects = objects_of(cluster);
    const policy::ClusterState state = policy::state_of(objects);
    Verdicts verdicts(objects, true);
    for (int i = 0; i < 40; ++i) {
      const FirstPacket packet = random_packet(random, cluster);
      json query = {{"source", packet.source.to_string()},
                    {"destination", packet.destination.to_string()},
                    {"protocol", packet.protocol}};
      if (packet.destination_port) query["port"] = *packet.destination_port;
      const VerdictLine said = verdicts.answer(query.dump());
      INFO(query.dump() << "\n" << said.text << "\n" << describe(cluster));
      if (said.unanswered) continue;  // a protocol that needs a port, without one
      REQUIRE_FALSE(said.contradicts);
      const json answer = json::parse(said.text);
      denied += answer["allowed"] == false ? 1 : 0;
      by_tables += answer.contains("tables") ? 1 : 0;
      if (answer["decidedBy"]["egress"].contains("judged") || answer["decidedBy"]["ingress"].contains("judged"))
        continue;
      const policy::FlowKey flow{packet.source, packet.destination, packet.protocol,
                                 packet.destination_port.value_or(0)};
      CHECK(answer["allowed"] == (policy::decide(state, policy::Direction::egress, flow).allowed &&
                                  policy::decide(state, policy::Direction::ingress, flow).allowed));
    }
  });
  CHECK(denied > 100);
  CHECK(by_tables > 100);
}

}  // namespace
}  // namespace selvage::testing

#include <catch2/catch.hpp>

#include "controller/denials/denial.h"
#include "controller/node/pod_networks.h"
#include "policy/compile/compiler.h"
#include "tests/support/policy_cases.h"

namespace selvage::testing {
namespace {

using controller::DenialCount;
using policy::Direction;
using policy::Protocol;

controller::DenialLine line(const std::vector<policy::Object>& extra, Direction direction, const FirstPacket& packet,
                            const DenialCount& count) {
  const auto compiler = policy::compile(world_with(extra), kNode);
  const policy::FlowKey flow{packet.source, packet.destination, packet.protocol, packet.destination_port.value_or(0)};
  return controller::denial_line(policy::explain(*compiler, controller::kFlannelNetworks, direction, flow), count);
}

const auto kWebToApi = ingress_policy("prod/allow-web-to-api", where({is("app", "api")}),
                                      {allow({pods(where({is("app", "web")}))}, {port(Protocol::tcp, 8080)})});

TEST_CASE("a denial in words and in members") {
  DenialCount count;
  count.source_port = 40000;
  count.first = count.last = WallTime(std::chrono::milliseconds(1'700'000'000'007));
  const auto one =
      line({kWebToApi, ingress_policy("prod/deny", where(), {})}, Direction::ingress, tcp(kWeb, kApi, 8081), count);
  CHECK(one.message ==
        "denied at ingress: TCP prod/web-0 (10.244.1.2:40000) > prod/api-0 (10.244.1.3:8081): prod/allow-web-to-api "
        "allows TCP 8080, not 8081; isolated by prod/allow-web-to-api, prod/deny");
  CHECK(
      one.members ==
      R"("verdict":"DROPPED","traffic_direction":"INGRESS","protocol":"TCP",)"
      R"("source":{"kind":"pod","namespace":"prod","pod_name":"web-0","ip":"10.244.1.2","port":40000},)"
      R"("destination":{"kind":"pod","namespace":"prod","pod_name":"api-0","ip":"10.244.1.3","port":8081},)"
      R"("count":1,"seconds":0,"first_seen":"2023-11-14T22:13:20.007Z","last_seen":"2023-11-14T22:13:20.007Z",)"
      R"("flow_verdict":"denied","reason":"prod/allow-web-to-api allows TCP 8080, not 8081",)"
      R"("policies":["prod/allow-web-to-api","prod/deny"],"policy_count":2,)"
      R"("nearest":{"policy":"prod/allow-web-to-api","rule":0,"peer":0,"failed_conditions":["allows TCP 8080, not 8081"],"failed_condition_count":1})");
}

TEST_CASE("addresses of the family with colons stand in brackets before a port, and no port is no port") {
  const auto six = line({ingress_policy("prod/deny", where(), {})}, Direction::ingress, tcp(kWorld6, kApi6, 443), {});
  CHECK(six.message.find("TCP 2001:db8::9 > prod/api-0 ([fd00:244:1::3]:443): ") != std::string::npos);
  const auto echo = line({ingress_policy("prod/deny", where(), {})}, Direction::ingress, ping(kWorld, kApi), {});
  CHECK(echo.message.find("ICMP 203.0.113.9 > prod/api-0 (10.244.1.3): ") != std::string::npos);
  CHECK(echo.members.find("port") == std::string::npos);
}

TEST_CASE("of many policies four are named in words") {
  std::vector<policy::Object> many;
  for (const char* name : {"prod/a", "prod/b", "prod/c", "prod/d", "prod/e", "prod/f"}) {
    many.push_back(egress_policy(name, where(), {}));
  }
  const auto one = line(many, Direction::egress, udp(kWeb, kDns, 53), {});
  CHECK(one.message.find("denied at egress: UDP ") == 0);
  CHECK(one.message.find("isolated by prod/a, prod/b, prod/c, prod/d and 2 more") != std::string::npos);
  CHECK(one.members.find(R"("policy_count":6)") != std::string::npos);
}

TEST_CASE("what a packet's rule was is known by its prefix, others' packets are none of ours") {
  host::LoggedPacket packet;
  packet.headers = {address("10.0.0.1"), address("10.0.0.2"), 6, 40000, 8080, std::nullopt, 60};
  CHECK_FALSE(controller::denial_of(packet));
  packet.prefix = "selvage deny-out";
  const auto denial = controller::denial_of(packet);
  REQUIRE(denial);
  CHECK(denial->direction == Direction::egress);
  CHECK(denial->flow == policy::FlowKey{address("10.0.0.1"), address("10.0.0.2"), 6, 8080});
  CHECK(denial->source_port == 40000);
  packet.prefix = "selvage deny-in";
  packet.headers.destination_port.reset();
  CHECK(controller::denial_of(packet)->direction == Direction::ingress);
  CHECK(controller::denial_of(packet)->flow.destination_port == 0);
  packet.prefix = "selvage deny-in ";
  CHECK_FALSE(controller::denial_of(packet));
}

}  // namespace
}  // namespace selvage::testing

#include <catch2/catch.hpp>

#include "controller/tables/table_layout.h"
#include "lab/flow.h"
#include "lab/frames.h"
#include "tests/controller/counting_node.h"

/// Packets between pods in network namespaces, and the pods that the kernel counts them for.
namespace selvage::testing {
namespace {

using nft::CounterValue;

constexpr IpFamily kBoth[] = {IpFamily::v4, IpFamily::v6};

/// A SYN's length: 20 or 40 bytes of IP header, 40 of TCP header with its options.
std::uint64_t syn_size(IpFamily family) { return family == IpFamily::v4 ? 60 : 80; }

CounterValue operator-(const CounterValue& now, const CounterValue& before) {
  return {now.packets - before.packets, now.bytes - before.bytes};
}

std::vector<policy::PortMatch> tcp_port(std::uint16_t number) { return {port(policy::Protocol::tcp, number)}; }

/// `web` may reach `api` on TCP 80 and nothing else; `api` may reach no pod.
policy::NetworkPolicy web_to_api_alone() {
  return both_policy("prod/web-to-api", where({is("app", "api")}),
                     {allow({pods(where({is("app", "web")}))}, tcp_port(80))}, {});
}

struct ThreePods : CountingNode {
  explicit ThreePods(bool policy_counters = false) : CountingNode(policy_counters) {}
  TestPod& web = pod("web", {{"app", "web"}});
  TestPod& api = pod("api", {{"app", "api"}});
  TestPod& db = pod("db", {{"app", "db"}});
};

}  // namespace

TEST_CASE("a denied packet counts once, for the pod and the direction that deny it") {
  ThreePods node;
  node.apply(web_to_api_alone());
  for (const IpFamily family : kBoth) {
    const CounterValue ingress = node.denied(node.api, Direction::ingress);
    const CounterValue egress = node.denied(node.api, Direction::egress);
    CHECK(answered(node.web, {node.api.address(family), 80}, Transport::tcp, true));
    CHECK(node.denied(node.api, Direction::ingress) == ingress);

    CHECK_FALSE(answered(node.web, {node.api.address(family), 81}, Transport::tcp, false));
    const CounterValue in = node.denied(node.api, Direction::ingress) - ingress;
    CHECK(in.packets >= 1);
    CHECK(in.bytes == in.packets * syn_size(family));
    CHECK(node.denied(node.api, Direction::egress) == egress);

    CHECK_FALSE(answered(node.api, {node.db.address(family), 80}, Transport::tcp, false));
    const CounterValue out = node.denied(node.api, Direction::egress) - egress;
    CHECK(out.packets >= 1);
    CHECK(out.bytes == out.packets * syn_size(family));
    CHECK(node.denied(node.api, Direction::ingress) - ingress == in);
  }
  CounterValue sum = node.denied(node.api, Direction::ingress);
  sum += node.denied(node.api, Direction::egress);
  CHECK(sum == node.denied_in_all());
  for (const auto& count : node.counts(telemetry::PacketVerdict::denied)) CHECK(count.pod == "api");
  CHECK(node.counts(telemetry::PacketVerdict::allowed).empty());
}

TEST_CASE("counters outlive other changes, and the agent") {
  ThreePods node;
  node.apply(web_to_api_alone());
  CHECK_FALSE(answered(node.db, {node.api.address(IpFamily::v4), 80}, Transport::tcp, false));
  CHECK_FALSE(answered(node.db, {node.api.address(IpFamily::v6), 80}, Transport::udp, false));
  const CounterValue counted = node.denied(node.api, Direction::ingress);
  REQUIRE(counted.packets >= 2);
  node.apply(ingress_policy("prod/db", where({is("app", "db")}), {allow_anyone(tcp_port(80))}));
  node.pod("late", {{"app", "web"}});
  node.apply(both_policy("prod/web-to-api", where({is("app", "api")}), {allow_anyone(tcp_port(8080))}, {}));
  CHECK(node.denied(node.api, Direction::ingress) == counted);
  node.restart();
  CHECK(node.denied(node.api, Direction::ingress) == counted);
  CHECK(node.denied(node.db, Direction::ingress) == CounterValue{});
}

TEST_CASE("a pod that reaches itself through a service is not counted") {
  ThreePods node;
  node.apply(both_policy("prod/deny", where({is("app", "api")}), {}, {}));
  const std::string own = node.api.address(IpFamily::v4).to_string();
  node.network().nft(
      1,
      "table ip test-proxy {\n"
      "  chain pre { type nat hook prerouting priority dstnat; ip daddr 10.96.0.10 tcp dport 80 dnat to " +
          own + ":80; }\n  chain post { type nat hook postrouting priority srcnat; ip saddr " + own + " ip daddr " +
          own + " masquerade; }\n}\n");
  CHECK(answered(node.api, {IpAddress::parse("10.96.0.10").value(), 80}, Transport::tcp, true));
  for (const Direction direction : {Direction::ingress, Direction::egress}) {
    CHECK(node.denied(node.api, direction) == CounterValue{});
  }
  CHECK(node.denied_in_all() == CounterValue{});
}

TEST_CASE("packets of unknown endpoints are counted by direction, and not as denied by policy") {
  ThreePods node;
  const Interface from = interface_of(node.web.space(), "eth0").value();
  const Interface to = interface_of(node.api.space(), "eth0").value();
  REQUIRE(
      node.web.space().ip_batch("addr add 10.244.1.200/24 dev eth0\naddr add fd00:10:244:1::200/64 dev eth0 nodad\n"));
  // The neighbours are known before the edge closes; not by TCP, which would say good-bye when policy denies it.
  for (const IpFamily family : kBoth) CHECK(answered(node.web, {node.api.address(family), 80}, Transport::udp, true));
  CHECK(answered(node.web, {to.link_local, 80, from.index}, Transport::udp, true));
  node.apply(ingress_policy("prod/deny", where({is("app", "api")}), {}));
  CHECK_FALSE(answered(node.web, {to.link_local, 80, from.index}, Transport::tcp, false));
  CHECK(node.unknown_endpoint_dropped(Direction::ingress).packets >= 1);
  CHECK(node.unknown_endpoint_dropped(Direction::egress) == CounterValue{});

  node.apply(both_policy("prod/deny", where({is("app", "api")}), {}, {}));
  const CounterValue nothing = node.unknown_endpoint_dropped(Direction::egress);

  for (const char* source : {"10.244.1.200", "fd00:10:244:1::200"}) {
    const CounterValue before = node.unknown_endpoint_dropped(Direction::egress);
    const IpAddress own = IpAddress::parse(source).value();
    lab::Probe probe{&node.web.space(), Transport::udp, {node.db.address(own.family()), 80}, kDenied};
    probe.source = Endpoint{own, 0};
    CHECK(run_probe(probe).value() == Outcome::silent);
    CHECK((node.unknown_endpoint_dropped(Direction::egress) - before).packets >= 1);
  }
  CHECK((node.unknown_endpoint_dropped(Direction::egress) - nothing).packets >= 2);

  const CounterValue frames = node.unknown_endpoint_dropped({});
  const std::string packet =
      udp_packet({node.web.address(IpFamily::v4), 1000}, {node.api.address(IpFamily::v4), 99}, "tagged");
  REQUIRE(send_frame(node.web.space(), "eth0", ethernet(from.mac, to.mac, packet, 5)));
  CHECK(eventually([&] { return (node.unknown_endpoint_dropped({}) - frames).packets >= 1; }));
  CHECK(node.denied(node.api, Direction::ingress) == CounterValue{});
}

TEST_CASE("of cut connections replies count as cut, and what the client sends as denied by policy") {
  ThreePods node;
  std::vector<Flow> flows;
  for (const IpFamily family : kBoth) {
    flows.push_back(Flow::open({node.web.host, node.api.host, family, Transport::tcp}).value());
    REQUIRE(flows.back().client_reaches_server(kAllowed));
  }
  CHECK(node.cut() == CounterValue{});
  node.apply(both_policy("prod/deny", where({is("app", "api")}), {}, {}));
  for (Flow& flow : flows) {
    const CounterValue before = node.cut();
    CHECK_FALSE(flow.server_reaches_client(kDenied));
    const CounterValue server = node.cut();
    CHECK((server - before).packets >= 1);
    const CounterValue denied = node.denied(node.api, Direction::ingress);
    CHECK_FALSE(flow.client_reaches_server(kDenied));
    CHECK((node.denied(node.api, Direction::ingress) - denied).packets >= 1);
  }
}

TEST_CASE("allowed packets count for all policies that allow them, where that is asked for") {
  ThreePods node(true);
  const auto web = pods(where({is("app", "web")}));
  node.apply(
      ingress_policy("prod/a", where({is("app", "api")}), {allow({web}, tcp_port(80)), allow({web}, tcp_port(81))}));
  node.apply(ingress_policy("prod/b", where(), {allow({web}, tcp_port(80))}));
  node.apply(egress_policy("prod/out", where({is("app", "web")}),
                           {allow({pods(where())}, {port_range(policy::Protocol::tcp, 80, 81)})}));
  const std::vector<std::string> both = {"prod/a", "prod/b"};
  CHECK(node.allowed(Direction::ingress, both) == CounterValue{});
  CHECK(node.counts(telemetry::PacketVerdict::allowed).size() == 4);  // a, a and b, b; out

  for (const IpFamily family : kBoth) {
    const CounterValue shared = node.allowed(Direction::ingress, both);
    const CounterValue alone = node.allowed(Direction::ingress, {"prod/a"});
    const CounterValue out = node.allowed(Direction::egress, {"prod/out"});
    CHECK(answered(node.web, {node.api.address(family), 80}, Transport::tcp, true));
    const CounterValue more = node.allowed(Direction::ingress, both) - shared;
    CHECK(more.packets >= 2);  // SYN, ACK; replies are not judged
    CHECK(node.allowed(Direction::ingress, {"prod/a"}) == alone);
    CHECK((node.allowed(Direction::egress, {"prod/out"}) - out).packets >= 2);

    CHECK(answered(node.web, {node.api.address(family), 81}, Transport::tcp, true));
    CHECK((node.allowed(Direction::ingress, {"prod/a"}) - alone).packets >= 2);
    CHECK_FALSE(answered(node.db, {node.api.address(family), 80}, Transport::tcp, false));
  }
  CHECK(node.allowed(Direction::ingress, {"prod/b"}) == CounterValue{});

  const CounterValue before = node.allowed(Direction::ingress, both);
  node.apply({policy::removal(policy::key_of(ingress_policy("prod/b", where(), {})))});
  CHECK(answered(node.web, {node.api.address(IpFamily::v4), 80}, Transport::tcp, true));
  CHECK(node.allowed(Direction::ingress, both) == CounterValue{});
  CHECK(before.packets > 0);
}

TEST_CASE("tables that have counted list as text that loads again") {
  ThreePods node(true);
  node.apply(web_to_api_alone());
  CHECK(answered(node.web, {node.api.address(IpFamily::v4), 80}, Transport::tcp, true));
  CHECK_FALSE(answered(node.web, {node.api.address(IpFamily::v6), 81}, Transport::tcp, false));
  const CounterValue denied = node.denied(node.api, Direction::ingress);
  const std::string listed = run(node.space(), {"nft", "list", "ruleset"}).value();
  INFO(listed);
  REQUIRE(run(node.space(), {"nft", "-f", "-"}, "flush ruleset\n" + listed));
  const auto rules = [&] { return run(node.space(), {"nft", "list", "ruleset"}).value(); };
  CHECK(rules() == listed);
  node.restart();
  CHECK(node.denied(node.api, Direction::ingress) == denied);
}

}  // namespace selvage::testing

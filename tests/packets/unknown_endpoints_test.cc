#include <algorithm>
#include <catch2/catch.hpp>

#include "cluster.h"

/// Packets that could evade the matching of addresses. Each test first shows that they arrive without a policy.
namespace selvage::packets {
namespace {

constexpr std::uint16_t kPort = 80;
/// Only the victim answers on this port: a sender is a member of the groups that it sends to.
constexpr std::uint16_t kVictimPort = 4500;

/// Two pods of one node. `victim` is to be isolated against ingress, `attacker` is free.
struct Edge : Cluster {
  TestPod& victim = pod({"prod", "victim", {{"app", "victim"}}, 1, {{"only-here", Transport::udp, kVictimPort}}});
  TestPod& attacker = pod({"prod", "attacker", {{"app", "attacker"}}});

  explicit Edge(unsigned nodes = 1) : Cluster(nodes) {}

  void isolate(const std::string& app, const std::string& direction) {
    apply("deny.yaml",
          policy("prod", "deny", "{podSelector: {matchLabels: {app: " + app + "}}, policyTypes: [" + direction + "]}"));
    enforce();
  }
};

IpAddress address(const char* text) { return IpAddress::parse(text).value(); }

/// A UDP probe to a group or broadcast address; any host may answer.
bool group_answers(const TestPod& from, const Endpoint& group, std::uint16_t source_port, milliseconds patience) {
  Probe probe{&from.space(), Transport::udp, group, patience};
  probe.source = Endpoint{IpAddress::zero(group.address.family()), source_port};
  probe.any_answer = true;
  return run_probe(probe).value() == Outcome::answered;
}

/// A probe to the victim's own address from the port that was used before.
bool pair_is_open(const Edge& edge, IpFamily family, std::uint16_t source_port) {
  Probe probe{&edge.attacker.space(), Transport::udp, {edge.victim.address(family), kVictimPort}, kDenied};
  probe.source = Endpoint{edge.attacker.address(family), source_port};
  return run_probe(probe).value() == Outcome::answered;
}

void check_group(const Endpoint& group) {
  Edge edge;
  CHECK(group_answers(edge.attacker, group, 4000, kAllowed));
  edge.isolate("victim", "Ingress");
  CHECK_FALSE(group_answers(edge.attacker, group, 5000, kDenied));
  CHECK_FALSE(pair_is_open(edge, group.address.family(), 5000));
}

}  // namespace

TEST_CASE("an isolated pod cannot be reached at its link-local address") {
  Edge edge;
  const Interface own = interface_of(edge.attacker.space(), "eth0").value();
  const Endpoint to{interface_of(edge.victim.space(), "eth0").value().link_local, kPort, own.index};
  for (const Transport transport : {Transport::tcp, Transport::udp})
    CHECK(answered(edge.attacker.space(), transport, to, kAllowed));
  edge.isolate("victim", "Ingress");
  for (const Transport transport : {Transport::tcp, Transport::udp, Transport::icmp})
    CHECK_FALSE(answered(edge.attacker.space(), transport, to, kDenied));
}

TEST_CASE("an egress-isolated pod cannot send from or to link-local addresses") {
  Edge edge;
  const Interface own = interface_of(edge.attacker.space(), "eth0").value();
  const Endpoint to{interface_of(edge.victim.space(), "eth0").value().link_local, kPort, own.index};
  CHECK(answered(edge.attacker.space(), Transport::tcp, to, kAllowed));
  edge.isolate("attacker", "Egress");
  CHECK_FALSE(answered(edge.attacker.space(), Transport::tcp, to, kDenied));
}

TEST_CASE("a directed broadcast neither reaches an isolated pod nor opens the pair") {
  check_group({address("10.244.1.255"), kVictimPort});
}

TEST_CASE("the limited broadcast address neither reaches an isolated pod nor opens the pair") {
  check_group({address("255.255.255.255"), kVictimPort});
}

TEST_CASE("IPv4 multicast neither reaches an isolated pod nor opens the pair") {
  check_group({address("224.0.0.1"), kVictimPort});
}

TEST_CASE("IPv6 multicast neither reaches an isolated pod nor opens the pair") {
  Edge edge;
  const Endpoint group{address("ff02::1"), kVictimPort, interface_of(edge.attacker.space(), "eth0").value().index};
  CHECK(group_answers(edge.attacker, group, 4000, kAllowed));
  edge.isolate("victim", "Ingress");
  CHECK_FALSE(group_answers(edge.attacker, group, 5000, kDenied));
  CHECK_FALSE(pair_is_open(edge, IpFamily::v6, 5000));
}

TEST_CASE("routed neighbour discovery does not reach an isolated pod, and its own still works") {
  Edge edge(2);
  TestPod& far = edge.pod({"prod", "far", {{"app", "far"}}, 2});
  const MacAddress claimed{0x02, 0xba, 0xdb, 0xad, 0xba, 0xd1};
  const std::string token(claimed.begin(), claimed.end());
  const Interface own = interface_of(far.space(), "eth0").value();
  const Interface gateway = interface_of(edge.node(2).space(), "cni0").value();
  const std::string frame =
      ethernet(own.mac, gateway.mac,
               neighbour_advertisement(far.address(IpFamily::v6), edge.victim.address(IpFamily::v6),
                                       edge.attacker.address(IpFamily::v6), 255, claimed));
  Sniffer sniffer = Sniffer::open(edge.victim.space(), "eth0").value();
  // A first packet resolves the neighbour, so that no later one waits for it.
  CHECK(answered(far.space(), Transport::icmp, {edge.victim.address(IpFamily::v6)}, kAllowed));
  REQUIRE(send_frame(far.space(), "eth0", frame));
  CHECK(sniffer.saw(token, kAllowed));
  edge.isolate("victim", "Ingress");
  REQUIRE(send_frame(far.space(), "eth0", frame));
  CHECK_FALSE(sniffer.saw(token, kDenied));
  REQUIRE(run(edge.victim.space(), {"ip", "-6", "neigh", "flush", "all"}));
  CHECK(answered(edge.victim.space(), Transport::tcp, {edge.attacker.address(IpFamily::v6), kPort}, kAllowed));
}

TEST_CASE("a routed packet that imitates multicast listener discovery does not reach an isolated pod") {
  Edge edge;
  const std::string token{"\x02\xba\xdb\xad\xba\xd2", 6};
  MacAddress claimed{};
  std::copy(token.begin(), token.end(), claimed.begin());
  const Interface own = interface_of(edge.attacker.space(), "eth0").value();
  const Interface gateway = interface_of(edge.node(1).space(), "cni0").value();
  // The gateway decrements the hop limit.
  std::string packet = neighbour_advertisement(edge.attacker.address(IpFamily::v6), edge.victim.address(IpFamily::v6),
                                               edge.attacker.address(IpFamily::v6), 2, claimed);
  constexpr std::size_t kIpv6Header = 40;
  packet[kIpv6Header] = static_cast<char>(132);  // MLD done, RFC 2710
  Sniffer sniffer = Sniffer::open(edge.victim.space(), "eth0").value();
  CHECK(answered(edge.attacker.space(), Transport::icmp, {edge.victim.address(IpFamily::v6)}, kAllowed));
  REQUIRE(send_frame(edge.attacker.space(), "eth0", ethernet(own.mac, gateway.mac, packet)));
  CHECK(sniffer.saw(token, kAllowed));
  edge.isolate("victim", "Ingress");
  REQUIRE(send_frame(edge.attacker.space(), "eth0", ethernet(own.mac, gateway.mac, packet)));
  CHECK_FALSE(sniffer.saw(token, kDenied));
}

TEST_CASE("a forged packet from an isolated pod's own address does not reach it") {
  Edge edge;
  const Interface from = interface_of(edge.attacker.space(), "eth0").value();
  const Interface to = interface_of(edge.victim.space(), "eth0").value();
  UdpInbox inbox = UdpInbox::open(edge.victim.space(), 98).value();
  // IPv4 hosts drop packets from their own address.
  const auto send_forged = [&](const std::string& token) {
    const IpAddress victim = edge.victim.address(IpFamily::v6);
    const std::string packet = udp_packet({victim, 1000}, {victim, 98}, token);
    REQUIRE(send_frame(edge.attacker.space(), "eth0", ethernet(from.mac, to.mac, packet)));
  };
  // The pair works before hand-made frames are sent.
  CHECK(answered(edge.attacker.space(), Transport::icmp, {edge.victim.address(IpFamily::v6)}, kAllowed));
  send_forged("forged-before");
  CHECK(inbox.received("forged-before", kAllowed));
  edge.isolate("victim", "Ingress");
  send_forged("forged-after");
  CHECK_FALSE(inbox.received("forged-after", kDenied));
}

TEST_CASE("frames with an 802.1Q tag do not reach an isolated pod") {
  Edge edge;
  const Interface from = interface_of(edge.attacker.space(), "eth0").value();
  const Interface to = interface_of(edge.victim.space(), "eth0").value();
  UdpInbox inbox = UdpInbox::open(edge.victim.space(), 99).value();
  Sniffer sniffer = Sniffer::open(edge.victim.space(), "eth0").value();
  const auto send_tagged = [&](IpFamily family, int vlan, const std::string& token) {
    const std::string packet =
        udp_packet({edge.attacker.address(family), 1000}, {edge.victim.address(family), 99}, token);
    REQUIRE(send_frame(edge.attacker.space(), "eth0", ethernet(from.mac, to.mac, packet, vlan)));
  };
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    // A single frame may get lost while the machine is busy.
    CHECK(eventually([&] {
      send_tagged(family, 0, "priority-before");
      return inbox.received("priority-before", milliseconds(300));
    }));
    CHECK(eventually([&] {
      send_tagged(family, 5, "vlan-before");
      return sniffer.saw("vlan-before", milliseconds(300));
    }));
  }
  edge.isolate("victim", "Ingress");
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    send_tagged(family, 0, "priority-after");
    CHECK_FALSE(inbox.received("priority-after", kDenied));
    send_tagged(family, 5, "vlan-after");
    CHECK_FALSE(sniffer.saw("vlan-after", kDenied));
  }
}

TEST_CASE("an egress-isolated pod cannot send from an address that no pod owns") {
  Edge edge;
  REQUIRE(edge.attacker.space().ip_batch(
      "addr add 10.244.1.200/24 dev eth0\naddr add fd00:10:244:1::200/64 dev eth0 nodad\n"));
  const auto gets_out = [&](const char* source, milliseconds patience) {
    const IpAddress own = address(source);
    Probe probe{&edge.attacker.space(), Transport::udp, {edge.victim.address(own.family()), kPort}, patience};
    probe.source = Endpoint{own, 0};
    return run_probe(probe).value() == Outcome::answered;
  };
  CHECK(gets_out("10.244.1.200", kAllowed));
  CHECK(gets_out("fd00:10:244:1::200", kAllowed));
  edge.isolate("attacker", "Egress");
  CHECK_FALSE(gets_out("10.244.1.200", kDenied));
  CHECK_FALSE(gets_out("fd00:10:244:1::200", kDenied));
}

}  // namespace selvage::packets

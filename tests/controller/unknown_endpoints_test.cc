#include <catch2/catch.hpp>

#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"

/// What slips past matching of unicast addresses: link-local and multicast addresses, forged
/// neighbour discovery, frames that are no IP, and flows from before a policy.
namespace selvage::testing {
namespace {

using controller::UnknownPods;

const std::vector<policy::Object>& isolated_world() {
  static const auto objects = world_with({both_policy("prod/deny", where(), {}, {})});
  return objects;
}

/// A frame from one port of the pod bridge to another, with any addresses.
nft::Packet frame(std::string_view from, std::string_view to) {
  nft::Packet packet = on_the_way(ping(kWeb, kDev), isolated_world(), Way::bridged);
  packet.source = address(from);
  packet.destination = address(to);
  packet.protocol = packet.source.family() == IpFamily::v4 ? 17 : 58;
  packet.icmp_type.reset();
  if (packet.protocol == 17) packet.destination_port = 53;
  if (packet.protocol == 58) packet.icmp_type = 128;
  return packet;
}

nft::Packet icmpv6(std::uint8_t type, std::uint8_t hop_limit) {
  nft::Packet packet = frame("fe80::1", "ff02::1:ff00:3");
  packet.icmp_type = type;
  packet.hop_limit = hop_limit;
  return packet;
}

bool passes_isolated(const nft::Packet& packet) {
  static const nft::Ruleset ruleset = ruleset_from_scratch(isolated_world());
  return nft::trace(ruleset, packet).accepted;
}

bool passes_open(const nft::Packet& packet) {
  static const nft::Ruleset ruleset = ruleset_from_scratch(world_with({}));
  return nft::trace(ruleset, packet).accepted;
}

TEST_CASE("link-local, multicast and broadcast do not reach around isolation") {
  for (const auto& packet : {frame("fe80::1", "fe80::2"), frame(kDev, "10.244.1.255"), frame(kDev, "255.255.255.255"),
                             frame(kDev, "224.0.0.251"), frame(kWeb6, "ff02::1"), frame("10.244.1.77", kDev)}) {
    INFO(packet.source.to_string() << " > " << packet.destination.to_string());
    CHECK_FALSE(passes_isolated(packet));
    CHECK(passes_open(packet));
  }
}

TEST_CASE("neighbour discovery passes with the hop limit that proves it local, only") {
  for (const std::uint8_t type : {133, 134, 135, 136}) {
    CHECK(passes_isolated(icmpv6(type, 255)));
    CHECK_FALSE(passes_isolated(icmpv6(type, 254)));
  }
  CHECK_FALSE(passes_isolated(icmpv6(128, 255)));
}

TEST_CASE("multicast listener discovery passes with hop limit 1, only") {
  for (const std::uint8_t type : {130, 131, 132, 143}) {
    CHECK(passes_isolated(icmpv6(type, 1)));
    CHECK_FALSE(passes_isolated(icmpv6(type, 255)));
    nft::Packet to_one = icmpv6(type, 1);
    to_one.destination = address("fe80::2");
    CHECK_FALSE(passes_isolated(to_one));
  }
}

TEST_CASE("a packet that comes from its own destination passes when it was translated, only") {
  nft::Packet packet = frame(kWeb, kWeb);
  CHECK_FALSE(passes_isolated(packet));
  packet.tracking->status = 32;  // IPS_DST_NAT
  CHECK(passes_isolated(packet));
}

TEST_CASE("frames that are neither IP nor ARP are dropped on the pod bridge while a pod is isolated") {
  nft::Packet packet = frame(kDev, kDev);
  packet.ether_type = 0x8100;
  CHECK_FALSE(passes_isolated(packet));
  CHECK(passes_open(packet));
  packet.ether_type = 0x0806;
  CHECK(passes_isolated(packet));
}

TEST_CASE("frames of bridges that are not for pods are left alone") {
  nft::Packet packet = frame("192.168.122.5", "192.168.122.6");
  packet.bridge = "virbr0";
  CHECK(passes_isolated(packet));
  packet.ether_type = 0x8100;
  CHECK(passes_isolated(packet));
}

TEST_CASE("unknown addresses are dropped always or never, by option") {
  controller::RenderOptions options;
  const auto passes_with = [&](UnknownPods mode, const std::vector<policy::Object>& objects) {
    options.unknown_pods = mode;
    const nft::Ruleset ruleset = ruleset_from_scratch(objects, options);
    return nft::trace(ruleset, frame("10.244.1.77", kDev)).accepted;
  };
  CHECK(passes_with(UnknownPods::allow, isolated_world()));
  CHECK_FALSE(passes_with(UnknownPods::drop, world_with({})));
  CHECK_FALSE(passes_with(UnknownPods::automatic, isolated_world()));
  CHECK(passes_with(UnknownPods::automatic, world_with({})));
}

TEST_CASE("an isolated pod without an address has unknown endpoints dropped") {
  const std::vector<policy::Object> objects = {pod("prod/new", {}, {}, kNode), egress_policy("prod/deny", where(), {})};
  const nft::Ruleset ruleset = ruleset_from_scratch(objects);
  CHECK_FALSE(nft::trace(ruleset, frame("10.244.1.77", kDev)).accepted);
}

TEST_CASE("the replies of a cut flow are dropped, and the errors that belong to it") {
  nft::Ruleset ruleset = ruleset_from_scratch(world_with({}));
  nft::Packet reply = on_the_way(tcp(kApi, kWeb, 40000), world_with({}), Way::bridged);
  reply.tracking = nft::Tracking{true, 2};
  nft::Packet error = on_the_way(ping(kWeb, kApi), world_with({}), Way::bridged);
  error.icmp_type = 3;
  error.tracking = nft::Tracking{false, 4};
  CHECK(nft::trace(ruleset, reply).accepted);
  CHECK(nft::trace(ruleset, error).accepted);
  auto& cut = ruleset.at(controller::kInetTable).sets.at(std::string(controller::kCut));
  cut.elements[{reply.tracking->id, {}}] = {};
  CHECK_FALSE(nft::trace(ruleset, reply).accepted);
  CHECK_FALSE(nft::trace(ruleset, error).accepted);
}

TEST_CASE("an error that belongs to a flow passes, one that does not is judged") {
  nft::Packet error = on_the_way(ping(kWorld, kApi), isolated_world(), Way::routed);
  error.icmp_type = 3;
  CHECK_FALSE(passes_isolated(error));
  error.tracking = nft::Tracking{false, 4};
  CHECK(passes_isolated(error));
  error.tracking = nft::Tracking{false, 1};
  CHECK_FALSE(passes_isolated(error));
}

TEST_CASE("fragments and packets without ports match rules without ports only") {
  const auto objects =
      world_with({ingress_policy("prod/api", where({is("app", "api")}),
                                 {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 80)}),
                                  allow({pods(where({is("app", "db")}))})})});
  const nft::Ruleset ruleset = ruleset_from_scratch(objects);
  nft::Packet from_web = on_the_way(tcp(kWeb, kApi, 80), objects, Way::bridged);
  CHECK(nft::trace(ruleset, from_web).accepted);
  from_web.destination_port.reset();
  CHECK_FALSE(nft::trace(ruleset, from_web).accepted);
  nft::Packet from_db = on_the_way(tcp(kDb, kApi, 80), objects, Way::bridged);
  from_db.destination_port.reset();
  CHECK(nft::trace(ruleset, from_db).accepted);
}

}  // namespace
}  // namespace selvage::testing

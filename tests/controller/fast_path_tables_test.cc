#include <catch2/catch.hpp>

#include "controller/tables/table_layout.h"
#include "nft/model/fields.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"

/// Which packets of an established connection are not judged while its pods are on the fast path.
namespace selvage::testing {
namespace {

constexpr std::uint32_t kEstablished = 2;

/// Tables that deny everything to and from the pods of prod, with all pods but db on the fast path.
nft::Ruleset fastpath_tables() {
  nft::Ruleset ruleset = ruleset_from_scratch(world_with({both_policy("prod/deny", where(), {}, {})}));
  auto& sets = ruleset.at(controller::kInetTable).sets;
  sets.at(std::string(controller::kFastpathState)).elements[{nft::host_order(kEstablished), {}}] = {};
  for (const IpFamily family : policy::kFamilies) {
    for (const auto& entry : sets.at(controller::local_pods_set(family)).elements) {
      if (entry.first.first == address(kDb).key()) continue;
      sets.at(controller::fastpath_pods_set(family)).elements[entry.first] = {};
    }
  }
  return ruleset;
}

/// Whether a packet passes that comes in by one device and goes out by the other.
bool passes(const FirstPacket& of, const char* in, const char* out, std::uint32_t state = kEstablished) {
  nft::Packet packet = on_the_way(of, {}, Way::routed);
  packet.iifname = in;
  packet.oifname = out;
  packet.tracking = nft::Tracking{false, state};
  const nft::Ruleset ruleset = fastpath_tables();
  return nft::trace(ruleset, packet).accepted;
}

TEST_CASE("packets of connections on the fast path pass between pods, and between them and elsewhere") {
  for (const auto& [web, api] : {std::pair(kWeb, kApi), std::pair(kWeb6, kApi6)}) {
    CHECK(passes(tcp(web, api, 80), "cni0", "cni0"));
    CHECK_FALSE(passes(tcp(web, api, 80), "cni0", "cni0", 8));  // a new connection
  }
  for (const auto& [pod, world] : {std::pair(kApi, kWorld), std::pair(kApi6, kWorld6)}) {
    CHECK(passes(tcp(pod, world, 80), "cni0", "eth0"));
    // Whose addresses the kernel does not ask for IPv6: the host's own might come in.
    CHECK(passes(tcp(world, pod, 80), "eth0", "cni0") == (pod == std::string(kApi)));
  }
  CHECK(passes(ping(kWeb, kApi), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kWeb, kApi, 80), "cni0", "cni0", 4));  // the first one of a related connection
  CHECK_FALSE(passes(tcp(kWeb, kDb, 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kDb, kWeb, 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kWorld, kDb, 80), "eth0", "cni0"));
  CHECK_FALSE(passes(tcp(kDb, kWorld, 80), "cni0", "eth0"));
}

TEST_CASE("packets under addresses that do not belong where they come from are judged, whatever is on the fast path") {
  constexpr const char* kUnknown = "10.244.1.77";
  CHECK_FALSE(passes(tcp(kUnknown, kApi, 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kApi, kUnknown, 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kWeb, "10.244.1.255", 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp("10.244.1.1", kApi, 80), "cni0", "cni0"));
  CHECK_FALSE(passes(tcp(kUnknown, kWorld, 80), "cni0", "eth0"));
  CHECK_FALSE(passes(tcp(kWorld, kUnknown, 80), "eth0", "cni0"));
  for (const auto& [pod, world] : {std::pair(kApi, kWorld), std::pair(kApi6, kWorld6)}) {
    CHECK_FALSE(passes(tcp(world, pod, 80), "cni0", "cni0"));
    CHECK_FALSE(passes(tcp(world, world, 80), "cni0", "eth0"));
  }
  CHECK_FALSE(passes(tcp(kWeb6, "fe80::3", 80), "cni0", "cni0"));
}

}  // namespace
}  // namespace selvage::testing

#include "host/bridges.h"

#include <poll.h>

#include <catch2/catch.hpp>

#include "host/decode_link.h"
#include "tests/support/netns.h"
#include "tests/support/shell.h"

namespace selvage::host {
namespace {

std::vector<Bridge> must_list() {
  auto bridges = list_bridges();
  INFO((bridges ? std::string() : bridges.error().message));
  REQUIRE(bridges);
  return *std::move(bridges);
}

/// Whether the monitor reports a change; waits long enough for a slow machine.
bool reports(LinkMonitor& monitor) {
  pollfd waiting{monitor.fd(), POLLIN, 0};
  return ::poll(&waiting, 1, 10'000) == 1 && monitor.drain();
}

}  // namespace

TEST_CASE("bridges are listed by name with the subnets of their addresses") {
  const ScopedNetNs here;
  CHECK(must_list().empty());
  must_run("ip link add zz0 type bridge && ip link add cni0 type bridge && ip link add plain type veth");
  must_run("ip addr add 10.244.1.1/24 dev cni0 && ip addr add fd00:1::1/64 dev cni0 nodad");
  must_run("ip addr add 169.254.9.9/16 dev cni0 && ip addr add 10.1.1.1/24 dev plain && ip link set cni0 up");
  const auto bridges = must_list();
  REQUIRE(bridges.size() == 2);
  CHECK(bridges[0].name == "cni0");
  CHECK(bridges[0].index > 0);
  CHECK(bridges[0].subnets == std::vector{*IpPrefix::parse("10.244.1.0/24"), *IpPrefix::parse("fd00:1::/64")});
  CHECK(bridges[1].name == "zz0");
  CHECK(bridges[1].subnets.empty());
}

TEST_CASE("nf_call is enabled on one bridge") {
  const ScopedNetNs here;
  must_run("ip link add cni0 type bridge && ip link add other type bridge");
  const auto before = must_list();
  REQUIRE(before.size() == 2);
  REQUIRE_FALSE(before[0].nf_call_iptables);
  REQUIRE_FALSE(before[0].nf_call_ip6tables);
  const auto done = enable_nf_call(before[0]);
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
  const auto after = must_list();
  CHECK(after[0].nf_call_iptables);
  CHECK(after[0].nf_call_ip6tables);
  CHECK(after[1] == before[1]);
}

TEST_CASE("the error for a missing bridge names it") {
  const ScopedNetNs here;
  Bridge gone;
  gone.name = "cni7";
  gone.index = 4711;
  const auto done = enable_nf_call(gone);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ENODEV);
  CHECK(done.error().message.find("cni7") != std::string::npos);
}

TEST_CASE("a monitor reports changed links and addresses") {
  const ScopedNetNs here;
  auto monitor = LinkMonitor::open();
  REQUIRE(monitor);
  CHECK_FALSE(monitor->drain());
  must_run("ip link add cni0 type bridge");
  CHECK(reports(*monitor));
  monitor->drain();
  must_run("ip addr add 10.244.1.1/24 dev cni0");
  CHECK(reports(*monitor));
  monitor->drain();
  must_run("ip link del cni0");
  CHECK(reports(*monitor));
}

TEST_CASE("decoders of link messages accept any bytes") {
  std::vector<std::uint8_t> bytes(64, 0xff);
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const netlink::Bytes payload = netlink::Bytes(bytes).first(size);
    CHECK_FALSE(decode_bridge(payload));
    CHECK_FALSE(decode_address(payload));
  }
}

}  // namespace selvage::host

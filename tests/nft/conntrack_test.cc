#include "host/conntrack.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

#include "host/decode_flow.h"
#include "nft/model/statements.h"
#include "tests/nft/kernels.h"
#include "tests/support/shell.h"

namespace selvage::nft {
namespace {

constexpr const char* kClient = "10.201.1.2";
constexpr const char* kServer = "10.201.2.2";

/// A network namespace for the lifetime of this object; sockets created in it stay in it.
class Host {
 public:
  /// Tied to the current namespace (the router's) by the link `name`, with this subnet's .2; the
  /// router has .1.
  Host(const std::string& name, const std::string& subnet) {
    {
      const ScopedNetNs inside;
      namespace_ = ScopedNetNs::open_current();
    }
    const std::string path = "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(namespace_.get());
    must_run("ip link add " + name + " type veth peer name eth0 netns " + path);
    must_run("ip addr add " + subnet + ".1/24 dev " + name + " && ip link set " + name + " up");
    inside([&] {
      must_run("ip addr add " + subnet + ".2/24 dev eth0 && ip link set eth0 up");
      must_run("ip route add default via " + subnet + ".1");
    });
  }

  template <class Body>
  void inside(const Body& body) const {
    const UniqueFd back = ScopedNetNs::open_current();
    REQUIRE(::setns(namespace_.get(), CLONE_NEWNET) == 0);
    body();
    REQUIRE(::setns(back.get(), CLONE_NEWNET) == 0);
  }

  /// A UDP socket of this host, bound to the port.
  [[nodiscard]] UniqueFd udp(const char* address, std::uint16_t port) const {
    UniqueFd socket;
    inside([&] { socket.reset(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); });
    const sockaddr_in name = name_of(address, port);
    REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)) == 0);
    return socket;
  }

  static sockaddr_in name_of(const char* address, std::uint16_t port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(port);
    REQUIRE(::inet_pton(AF_INET, address, &name.sin_addr) == 1);
    return name;
  }

 private:
  UniqueFd namespace_;
};

void send_to(const UniqueFd& socket, const char* address, std::uint16_t port, const std::string& text) {
  const sockaddr_in name = Host::name_of(address, port);
  REQUIRE(::sendto(socket.get(), text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) ==
          static_cast<ssize_t>(text.size()));
}

/// The next datagram; empty after a time long enough for a slow machine.
std::string receive(const UniqueFd& socket) {
  pollfd waiting{socket.get(), POLLIN, 0};
  if (::poll(&waiting, 1, 10'000) != 1) return {};
  std::array<char, 64> text{};
  const ssize_t size = ::recv(socket.get(), text.data(), text.size(), 0);
  return {text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
}

std::vector<host::Flow> flows() {
  std::vector<host::Flow> all;
  const auto done = host::for_each_flow([&all](const host::Flow& flow) { all.push_back(flow); });
  INFO((done ? std::string() : done.error().message));
  REQUIRE(done);
  return all;
}

/// The only connection from the client.
host::Flow client_flow() {
  const auto all = flows();
  const auto is_clients = [](const host::Flow& flow) { return flow.source == *IpAddress::parse(kClient); };
  REQUIRE(std::count_if(all.begin(), all.end(), is_clients) == 1);
  return *std::find_if(all.begin(), all.end(), is_clients);
}

/// "ct id @cut drop" in the forward hook.
Table cutting_table() {
  Table table;
  table.sets["cut"].spec = spec_of({FieldType::ct_id});
  table.sets["cut"].spec.timeout = std::chrono::hours(1);
  table.chains["forward"].base = BaseChain{};
  table.chains["forward"].rules = {RuleBuilder().in({Selector::ct_id}, "cut").drop()};
  return table;
}

void change_cut(Kernel& kernel, const host::Flow& flow, bool add) {
  Plan plan;
  SetChange& cut = change(plan).elements["cut"];
  cut.spec = cutting_table().sets.at("cut").spec;
  if (add) cut.add[single(flow.id)] = {};
  if (!add) cut.del.insert(single(flow.id));
  must_commit(kernel, plan);
}

}  // namespace

TEST_CASE("a connection's id in a set stops its packets in both directions") {
  AnyKernel kernel("netlink");  // its namespace is the router
  must_run("echo 1 > /proc/sys/net/ipv4/ip_forward");
  const Host client("client", "10.201.1");
  const Host server("server", "10.201.2");
  put_table(*kernel, cutting_table());
  const UniqueFd here = client.udp(kClient, 4000);
  const UniqueFd there = server.udp(kServer, 5000);

  send_to(here, kServer, 5000, "first");
  REQUIRE(receive(there) == "first");
  const host::Flow flow = client_flow();
  CHECK(flow.protocol == IPPROTO_UDP);
  CHECK(flow.destination == *IpAddress::parse(kServer));
  CHECK(flow.source_port == 4000);
  CHECK(flow.destination_port == 5000);
  CHECK(flow.id.size() == 4);
  CHECK_FALSE(flow.translated);

  change_cut(*kernel, flow, true);
  send_to(here, kServer, 5000, "cut");
  send_to(there, kClient, 4000, "cut");
  // Another connection on the same path passes; packets keep their order, so earlier ones have met the rules.
  const UniqueFd other = client.udp(kClient, 4001);
  send_to(other, kServer, 5000, "other");
  CHECK(receive(there) == "other");
  send_to(there, kClient, 4001, "other");
  CHECK(receive(other) == "other");

  change_cut(*kernel, flow, false);
  send_to(here, kServer, 5000, "second");
  send_to(there, kClient, 4000, "reply");
  CHECK(receive(there) == "second");
  CHECK(receive(here) == "reply");
}

TEST_CASE("a connection's destination is the one after destination NAT") {
  AnyKernel kernel("netlink");
  must_run("echo 1 > /proc/sys/net/ipv4/ip_forward");
  const Host client("client", "10.201.1");
  const Host server("server", "10.201.2");
  must_run(
      "nft 'table ip n { chain p { type nat hook prerouting priority dstnat; "
      "ip daddr 10.99.0.1 udp dport 53 dnat to 10.201.2.2:5000; }; }'");
  const UniqueFd here = client.udp(kClient, 4000);
  const UniqueFd there = server.udp(kServer, 5000);
  send_to(here, "10.99.0.1", 53, "query");
  REQUIRE(receive(there) == "query");
  const host::Flow flow = client_flow();
  CHECK(flow.destination == *IpAddress::parse(kServer));
  CHECK(flow.destination_port == 5000);
  CHECK(flow.source_port == 4000);
  CHECK(flow.translated);
}

TEST_CASE("the decoder of connections accepts any bytes") {
  const std::vector<std::uint8_t> bytes(64, 0x05);
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    CHECK_FALSE(host::decode_flow(netlink::Bytes(bytes).first(size)));
}

}  // namespace selvage::nft

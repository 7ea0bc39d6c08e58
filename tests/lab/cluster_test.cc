#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "lab/command.h"
#include "lab/echo.h"
#include "lab/flow.h"
#include "lab/frames.h"
#include "lab/manifest.h"
#include "lab/probe.h"

namespace selvage::lab {
namespace {

constexpr milliseconds kDenied{300};
constexpr milliseconds kAllowed{3000};

/// Two joined nodes, a pod on each and a second one on the first, and a host outside. No policy.
struct Lab {
  Underlay underlay = Underlay::create().value();
  Node first = Node::create(underlay, 1).value();
  Node second = Node::create(underlay, 2).value();
  Host outside = add_outside_host(underlay, 100, {&first, &second}).value();
  Host* web = first.add_pod("web").value();
  Host* api = first.add_pod("api").value();
  Host* far = second.add_pod("far").value();
  EchoService echo;

  Lab() {
    REQUIRE(first.learn(second));
    REQUIRE(second.learn(first));
    for (const Host* host : {web, api, far, &outside})
      for (const Transport transport : {Transport::tcp, Transport::udp, Transport::sctp})
        REQUIRE(echo.serve(host->space, transport, 80));
  }
};

std::vector<Probe> probes_between(const Host& from, const Host& to) {
  std::vector<Probe> probes;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    for (const Transport transport : {Transport::tcp, Transport::udp, Transport::sctp, Transport::icmp})
      probes.push_back({&from.space, transport, {to.addresses.of(family), 80}, kAllowed});
  return probes;
}

}  // namespace

TEST_CASE("without policy every host of a cluster reaches every other in every transport and family") {
  Lab lab;
  const std::vector<const Host*> hosts{lab.web, lab.api, lab.far, &lab.outside};
  std::vector<Probe> probes;
  for (const Host* from : hosts)
    for (const Host* to : hosts)
      for (const Probe& probe : probes_between(*from, *to)) probes.push_back(probe);
  const auto outcomes = run_probes(probes).value();
  for (std::size_t i = 0; i < probes.size(); ++i) {
    INFO(probes[i].from->name() << " to " << probes[i].to.address.to_string() << " " << to_string(probes[i].transport)
                                << ": " << to_string(outcomes[i]));
    CHECK(outcomes[i] == Outcome::answered);
  }
}

TEST_CASE("probes distinguish a closed port, a dropped packet and a missing route") {
  Lab lab;
  Probe probe{&lab.web->space, Transport::tcp, {lab.api->addresses.v4, 81}, kAllowed};
  CHECK(run_probe(probe).value() == Outcome::refused);
  probe.transport = Transport::udp;
  CHECK(run_probe(probe).value() == Outcome::refused);
  probe.from = &lab.outside.space;
  probe.to.address = IpAddress::parse("10.99.0.1").value();
  CHECK(run_probe(probe).value() == Outcome::unreachable);
  // Packets between pods of one node pass through the node's inet hooks.
  REQUIRE(run(lab.first.space(), {"nft", "-f", "-"},
              "table inet t { chain f { type filter hook forward priority 0; th dport 80 drop; }\n}"));
  for (Probe denied : probes_between(*lab.web, *lab.api)) {
    if (denied.transport == Transport::icmp) continue;
    denied.patience = kDenied;
    CHECK(run_probe(denied).value() == Outcome::silent);
  }
}

TEST_CASE("a flow shows which direction is cut") {
  Lab lab;
  for (const Transport transport : {Transport::tcp, Transport::udp})
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
      Flow flow = Flow::open({lab.web, lab.far, family, transport}).value();
      CHECK(flow.client_reaches_server(kAllowed));
      CHECK(flow.server_reaches_client(kAllowed));
      const std::string drop = std::string("table inet t { chain f { type filter hook forward priority 0; ") +
                               (family == IpFamily::v4 ? "ip" : "ip6") + " saddr " +
                               lab.web->addresses.of(family).to_string() + " drop; }\n}";
      REQUIRE(run(lab.first.space(), {"nft", "-f", "-"}, drop));
      CHECK_FALSE(flow.client_reaches_server(kDenied));
      CHECK(flow.server_reaches_client(kAllowed));
      REQUIRE(run(lab.first.space(), {"nft", "delete", "table", "inet", "t"}));
    }
}

TEST_CASE("hand-made frames arrive") {
  Lab lab;
  const Interface web = interface_of(lab.web->space, "eth0").value();
  const Interface api = interface_of(lab.api->space, "eth0").value();
  UdpInbox inbox = UdpInbox::open(lab.api->space, 99).value();
  Sniffer sniffer = Sniffer::open(lab.api->space, "eth0").value();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const Endpoint from{lab.web->addresses.of(family), 1000};
    const Endpoint to{lab.api->addresses.of(family), 99};
    REQUIRE(send_frame(lab.web->space, "eth0", ethernet(web.mac, api.mac, udp_packet(from, to, "plain"))));
    CHECK(inbox.received("plain", kAllowed));
    REQUIRE(send_frame(lab.web->space, "eth0", ethernet(web.mac, api.mac, udp_packet(from, to, "tagged"), 5)));
    CHECK(sniffer.saw("tagged", kAllowed));
    CHECK_FALSE(inbox.received("tagged", kDenied));
  }
  CHECK(run_probe({&lab.web->space, Transport::tcp, {api.link_local, 80, web.index}}).value() == Outcome::answered);
}

TEST_CASE("a namespace is removed with its owner, and a dead process's namespace is swept") {
  std::filesystem::path path;
  {
    const Namespace made = Namespace::create("short").value();
    path = "/run/netns/" + made.name();
    CHECK(std::filesystem::exists(path));
  }
  CHECK_FALSE(std::filesystem::exists(path));

  // No process has the pid of one that was waited for: a namespace with that pid is a leftover.
  const Namespace own = Namespace::create("own").value();
  TemporaryFolder folder = TemporaryFolder::create().value();
  pid_t dead = 0;
  {
    Process process = Process::start(own, {"true"}, folder.path() / "log").value();
    dead = process.pid();
    REQUIRE(process.wait(kAllowed) == 0);
  }
  const std::string leftover = "selvage-" + std::to_string(dead) + "-1-left";
  REQUIRE(run({"ip", "netns", "add", leftover}));
  sweep_leftovers();
  CHECK_FALSE(std::filesystem::exists("/run/netns/" + leftover));
  CHECK(std::filesystem::exists("/run/netns/" + own.name()));
}

TEST_CASE("a child ends by the signal that it is sent, or by SIGKILL") {
  const Namespace where = Namespace::create("child").value();
  TemporaryFolder folder = TemporaryFolder::create().value();
  Process sleeper = Process::start(where, {"sleep", "1000"}, folder.path() / "log").value();
  CHECK_FALSE(sleeper.wait(milliseconds(0)));
  CHECK(sleeper.stop(SIGINT) == 128 + SIGINT);
  CHECK(read_whole(folder.path() / "log").value().empty());
}

}  // namespace selvage::lab

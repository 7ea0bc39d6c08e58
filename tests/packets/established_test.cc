#include <catch2/catch.hpp>
#include <future>
#include <regex>

#include "cluster.h"

/// Established connections when policy changes.
namespace selvage::packets {
namespace {

const char* const kAllowWeb = R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]})";
const char* const kDenyAll = "{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}";

/// Tests all flows at once; whether none passed.
template <class Question>
bool none(std::vector<Flow>& flows, Question question) {
  std::vector<std::future<bool>> answers;
  for (Flow& flow : flows) answers.push_back(std::async(std::launch::async, [&] { return question(flow); }));
  bool any = false;
  for (std::future<bool>& answer : answers) any = answer.get() || any;
  return !any;
}

bool server_speaks(Flow& flow) { return flow.server_reaches_client(kDenied); }
bool client_speaks(Flow& flow) { return flow.client_reaches_server(kDenied); }

/// web and api with a live agent. api admits web.
struct Live : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
  std::optional<Process> agent;

  Live() {
    set(kAllowWeb);
    agent.emplace(start_agent());
    // No packet before the policy is in force: its connection would be cut and linger.
    REQUIRE(eventually([&] { return run(node(1).space(), {"nft", "list", "table", "inet", "selvage"}).has_value(); }));
    await({allow(web, api), deny(other, api)});
  }
  bool holds(const char* set, const std::string& element) {
    return run(node(1).space(), {"nft", "get", "element", "inet", "selvage", set, "{ " + element + " }"}).has_value();
  }
  /// Whether the pod's established connections take the fast path.
  bool fast_path(const TestPod& pod) {
    return holds("fastpath-state", "established") && holds("fastpath-pods4", pod.host->addresses.v4.to_string()) &&
           holds("fastpath-pods6", pod.host->addresses.v6.to_string());
  }
  void set(const char* spec) { apply("policy.yaml", policy("prod", "policy", spec)); }

  /// An open flow that has carried data in both directions.
  Flow flow(IpFamily family, Transport transport, std::uint16_t client_port = 0) {
    Flow made = Flow::open({web.host, api.host, family, transport, 0, client_port}).value();
    REQUIRE(made.client_reaches_server(kAllowed));
    REQUIRE(made.server_reaches_client(kAllowed));
    return made;
  }
  std::vector<Flow> flows() {
    std::vector<Flow> all;
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      for (const Transport transport : {Transport::tcp, Transport::udp}) all.push_back(flow(family, transport));
    return all;
  }
};

}  // namespace

TEST_CASE("a denial cuts established flows in both directions, also when the server sends first") {
  Live cluster;
  std::vector<Flow> server_first = cluster.flows();
  std::vector<Flow> client_first = cluster.flows();
  cluster.set(kDenyAll);
  cluster.await({deny(cluster.web, cluster.api)});
  CHECK(eventually([&] { return none(server_first, server_speaks); }));
  CHECK(none(client_first, client_speaks));
  for (std::vector<Flow>* flows : {&server_first, &client_first}) {
    CHECK(none(*flows, client_speaks));
    CHECK(none(*flows, server_speaks));
  }
}

TEST_CASE("pods are on the fast path while nothing changes, and not while one of their flows is cut") {
  Live cluster;
  std::vector<Flow> tcp;
  tcp.push_back(cluster.flow(IpFamily::v4, Transport::tcp));
  std::vector<Flow> udp;
  udp.push_back(cluster.flow(IpFamily::v4, Transport::udp));
  REQUIRE(eventually([&] { return cluster.fast_path(cluster.web) && cluster.fast_path(cluster.api); }));
  // The next policy denies the TCP flow only.
  cluster.set(R"({podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}],
      ports: [{protocol: UDP}]}]})");
  CHECK(eventually([&] { return none(tcp, server_speaks) && cluster.fast_path(cluster.other); }));
  CHECK(none(tcp, client_speaks));
  CHECK_FALSE(cluster.fast_path(cluster.web));
  CHECK_FALSE(cluster.fast_path(cluster.api));
  CHECK(udp.front().client_reaches_server(kAllowed));
  CHECK(udp.front().server_reaches_client(kAllowed));
  cluster.check({deny(cluster.other, cluster.api), deny(cluster.web, cluster.api)});
  cluster.set(kAllowWeb);
  CHECK(eventually([&] { return cluster.fast_path(cluster.web) && cluster.fast_path(cluster.api); }));
  CHECK(tcp.front().server_reaches_client(kAllowed));
  CHECK(tcp.front().client_reaches_server(kAllowed));
}

TEST_CASE("packets that arrive from the node's own address are judged, whatever connection they claim to belong to") {
  Live cluster;
  TestPod& target = cluster.pod({"prod", "db", {{"app", "db"}}});
  const IpAddress db = target.address(IpFamily::v6);
  const IpAddress node = cluster.node(1).gateway().v6;
  const Namespace& outside = cluster.outside().space;
  const Interface from = interface_of(outside, "eth0").value();
  const Interface to = interface_of(cluster.node(1).space(), "eth0").value();
  UdpInbox inbox = UdpInbox::open(target.space(), 99).value();
  const auto arrives = [&](const std::string& token, milliseconds patience) {
    REQUIRE(send_frame(outside, "eth0", ethernet(from.mac, to.mac, udp_packet({node, 5555}, {db, 99}, token))));
    return inbox.received(token, patience);
  };
  REQUIRE(eventually([&] { return arrives("first", kDenied); }));
  // The pod answers the node, to whose connection the packet seems to belong.
  const Interface pod = interface_of(target.space(), "eth0").value();
  const Interface gateway = interface_of(cluster.node(1).space(), "cni0").value();
  REQUIRE(
      send_frame(target.space(), "eth0", ethernet(pod.mac, gateway.mac, udp_packet({db, 99}, {node, 5555}, "answer"))));
  CHECK(arrives("second", kAllowed));
  cluster.apply("db.yaml", policy("prod", "db", "{podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}"));
  REQUIRE(eventually([&] { return cluster.holds("ingress-isolated6", db.to_string()) && cluster.fast_path(target); }));
  CHECK_FALSE(arrives("third", kDenied));
}

TEST_CASE("a change of another policy leaves an allowed flow alone") {
  Live cluster;
  std::vector<Flow> flows = cluster.flows();
  cluster.apply("more.yaml", policy("prod", "more", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]})"));
  cluster.await({allow(cluster.other, cluster.api)});
  cluster.withdraw("more.yaml");
  cluster.await({deny(cluster.other, cluster.api)});
  for (Flow& flow : flows) {
    CHECK(flow.server_reaches_client(kAllowed));
    CHECK(flow.client_reaches_server(kAllowed));
  }
}

TEST_CASE("traffic that is allowed again works: new connections and the same UDP ports") {
  Live cluster;
  std::vector<Flow> same_ports;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    same_ports.push_back(cluster.flow(family, Transport::udp, 4000));
  cluster.set(kDenyAll);
  cluster.await({deny(cluster.web, cluster.api)});
  CHECK(eventually([&] { return none(same_ports, server_speaks); }));
  CHECK(none(same_ports, client_speaks));
  cluster.set(kAllowWeb);
  cluster.await({allow(cluster.web, cluster.api), allow(cluster.web, cluster.api, 80, Transport::udp)});
  for (Flow& flow : same_ports) {
    CHECK(eventually([&] { return flow.client_reaches_server(kDenied); }));
    CHECK(flow.server_reaches_client(kAllowed));
  }
  for (Flow& flow : cluster.flows()) CHECK(flow.client_reaches_server(kAllowed));
}

TEST_CASE("a removed label cuts the pod's flows as a policy does") {
  Live cluster;
  std::vector<Flow> flows = cluster.flows();
  cluster.web.setup.labels = {{"app", "stranger"}};
  cluster.write(cluster.web);
  cluster.await({deny(cluster.web, cluster.api)});
  CHECK(eventually([&] { return none(flows, server_speaks); }));
  CHECK(none(flows, client_speaks));
}

TEST_CASE("isolating the sender cuts its open connections") {
  Live cluster;
  std::vector<Flow> flows = cluster.flows();
  cluster.apply("egress.yaml",
                policy("prod", "egress", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"));
  cluster.await({deny(cluster.web, cluster.api)});
  CHECK(eventually([&] { return none(flows, server_speaks); }));
  CHECK(none(flows, client_speaks));
}

}  // namespace selvage::packets

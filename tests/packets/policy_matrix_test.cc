#include <catch2/catch.hpp>

#include "decided_flows.h"

/// Policies of the plain API, measured between pods of one node (through the bridge), pods of two nodes (through VXLAN)
/// and a host outside.
namespace selvage::packets {
namespace {

/// prod: web and api on node 1, db on node 2. dev: tester on node 1, spy on node 2.
struct Scene : Cluster {
  Scene() : Cluster(2) {
    name_space("prod", {{"env", "prod"}});
    name_space("dev", {{"env", "dev"}});
  }

  /// Asks the ordered model the same as packets.
  void check(const std::vector<Expectation>& expectations) const {
    check_decisions(*this, expectations);
    Cluster::check(expectations);
  }

  TestPod& web = pod({"prod", "web", {{"app", "web"}}, 1});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}, 1, {{"http", Transport::tcp, 8080}}});
  TestPod& db = pod({"prod", "db", {{"app", "db"}}, 2, {{"http", Transport::tcp, 8081}}});
  TestPod& tester = pod({"dev", "tester", {{"app", "web"}}, 1});
  TestPod& spy = pod({"dev", "spy", {{"app", "spy"}}, 2});
};

constexpr Transport kAll[] = {Transport::tcp, Transport::udp, Transport::sctp, Transport::icmp};

}  // namespace

TEST_CASE("default deny of ingress drops every transport to the namespace and nothing from it") {
  Scene scene;
  scene.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Ingress]}"));
  scene.enforce();
  std::vector<Expectation> expected;
  for (const Transport transport : kAll)
    for (const TestPod* from : {&scene.web, &scene.tester, &scene.spy}) {
      expected.push_back(deny(*from, scene.api, 80, transport));
      expected.push_back(deny(*from, scene.db, 80, transport));
      if (from != &scene.tester) expected.push_back(allow(*from, scene.tester, 80, transport));
      if (from != &scene.spy) expected.push_back(allow(*from, scene.spy, 80, transport));
    }
  expected.push_back({&scene.outside(), scene.api.host, 80, Transport::tcp, false});
  scene.check(expected);
}

TEST_CASE("default deny of egress drops every transport from the namespace and nothing to it") {
  Scene scene;
  scene.apply("deny.yaml", policy("prod", "deny", "{podSelector: {}, policyTypes: [Egress]}"));
  scene.enforce();
  std::vector<Expectation> expected;
  for (const Transport transport : kAll)
    for (const TestPod* to : {&scene.tester, &scene.spy}) {
      expected.push_back(deny(scene.api, *to, 80, transport));
      expected.push_back(deny(scene.db, *to, 80, transport));
      expected.push_back(allow(*to, scene.api, 80, transport));
      expected.push_back(allow(*to, scene.db, 80, transport));
    }
  expected.push_back(deny(scene.web, scene.api));
  expected.push_back({scene.api.host, &scene.outside(), 80, Transport::icmp, false});
  expected.push_back({&scene.outside(), scene.api.host, 80, Transport::icmp, true});
  scene.check(expected);
}

TEST_CASE("a podSelector allows pods of the policy's own namespace only") {
  Scene scene;
  scene.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: db}},
    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]})"));
  scene.enforce();
  scene.check({allow(scene.web, scene.db), deny(scene.web, scene.db, 81), deny(scene.web, scene.db, 80, Transport::udp),
               deny(scene.web, scene.db, 80, Transport::icmp), deny(scene.api, scene.db), deny(scene.tester, scene.db),
               deny(scene.spy, scene.db), allow(scene.db, scene.web), allow(scene.spy, scene.web)});
}

TEST_CASE("a namespaceSelector allows all pods of the namespaces, and without ports all transports") {
  Scene scene;
  scene.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}]}]})"));
  scene.enforce();
  std::vector<Expectation> expected{deny(scene.web, scene.api), deny(scene.db, scene.api)};
  for (const Transport transport : kAll)
    for (const TestPod* from : {&scene.tester, &scene.spy}) expected.push_back(allow(*from, scene.api, 80, transport));
  scene.check(expected);
}

TEST_CASE("two selectors in one peer are ANDed, in two peers ORed") {
  Scene scene;
  scene.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}, podSelector: {matchLabels: {app: web}}}]}]})"));
  scene.enforce();
  scene.check({allow(scene.tester, scene.api), deny(scene.spy, scene.api), deny(scene.web, scene.api)});
  scene.apply("allow.yaml", policy("prod", "allow", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}, {podSelector: {matchLabels: {app: web}}}]}]})"));
  scene.enforce();
  scene.check({allow(scene.tester, scene.api), allow(scene.spy, scene.api), allow(scene.web, scene.api),
               deny(scene.db, scene.api)});
}

TEST_CASE("egress needs the sender's rule and the receiver's rule") {
  Scene scene;
  scene.apply("egress.yaml", policy("prod", "egress", R"({podSelector: {matchLabels: {app: web}},
    policyTypes: [Egress], egress: [{to: [{podSelector: {}}], ports: [{port: 80}]}]})"));
  scene.apply("ingress.yaml", policy("prod", "ingress", R"({podSelector: {matchLabels: {app: db}},
    ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]})"));
  scene.enforce();
  scene.check({allow(scene.web, scene.api), deny(scene.web, scene.api, 81), deny(scene.web, scene.spy),
               deny(scene.web, scene.db), allow(scene.api, scene.db)});
}

TEST_CASE("in a policy of both directions that selects both pods, an ingress rule does not allow egress") {
  Scene scene;
  scene.apply("both.yaml", policy("prod", "both", R"({podSelector: {}, policyTypes: [Ingress, Egress],
    ingress: [{from: [{podSelector: {}}]}], egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]})"));
  scene.enforce();
  scene.check({allow(scene.web, scene.db), allow(scene.api, scene.db), deny(scene.web, scene.api),
               deny(scene.db, scene.web), deny(scene.spy, scene.db)});
}

TEST_CASE("an ipBlock allows its addresses without the excepted ones, of pods and hosts") {
  Scene scene;
  scene.apply("block.yaml", policy("prod", "block", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16, except: [10.244.2.0/24]}},
                      {ipBlock: {cidr: "fd00:10:244::/48", except: ["fd00:10:244:2::/64"]}}]}]})"));
  scene.enforce();
  scene.check({allow(scene.web, scene.api),
               allow(scene.tester, scene.api),
               deny(scene.db, scene.api),
               deny(scene.spy, scene.api),
               {&scene.outside(), scene.api.host, 80, Transport::tcp, false}});
  scene.apply("block.yaml", policy("prod", "block", R"({podSelector: {matchLabels: {app: api}}, ingress: [{from: [
    {ipBlock: {cidr: 172.31.0.100/32}}, {ipBlock: {cidr: "fd00:172:31::100/128"}}], ports: [{port: 80}]}]})"));
  scene.enforce();
  scene.check({deny(scene.web, scene.api),
               deny(scene.db, scene.api),
               {&scene.outside(), scene.api.host, 80, Transport::tcp, true},
               {&scene.outside(), scene.api.host, 81, Transport::tcp, false}});
}

TEST_CASE("an egress ipBlock of everything but the pods reaches the outside only") {
  Scene scene;
  scene.apply("block.yaml", policy("prod", "block", R"({podSelector: {matchLabels: {app: api}}, policyTypes: [Egress],
    egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.244.0.0/16]}},
                   {ipBlock: {cidr: "::/0", except: ["fd00:10:244::/48"]}}]}]})"));
  scene.enforce();
  scene.check({deny(scene.api, scene.web),
               deny(scene.api, scene.db),
               {scene.api.host, &scene.outside(), 80, Transport::icmp, true}});
}

TEST_CASE("a named port resolves to each pod's own number") {
  Scene scene;
  scene.apply("named.yaml", policy("prod", "named", R"({podSelector: {},
    ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}], ports: [{port: http}]}]})"));
  scene.enforce();
  scene.check({allow(scene.spy, scene.api, 8080), deny(scene.spy, scene.api, 80), allow(scene.tester, scene.db, 8081),
               deny(scene.tester, scene.db, 80), deny(scene.tester, scene.web, 80),
               deny(scene.spy, scene.api, 8080, Transport::udp)});
}

TEST_CASE("an egress rule resolves a named port on the destination pod") {
  Scene scene;
  scene.apply("named.yaml", policy("prod", "named", R"({podSelector: {matchLabels: {app: web}}, policyTypes: [Egress],
    egress: [{to: [{podSelector: {}}], ports: [{port: http}]}]})"));
  scene.enforce();
  scene.check({allow(scene.web, scene.api, 8080), deny(scene.web, scene.api, 80), allow(scene.web, scene.db, 8081),
               deny(scene.web, scene.db, 80)});
}

TEST_CASE("an endPort allows the whole range and both ends, for its protocol") {
  Scene scene;
  for (const std::uint16_t port : {999, 1000, 1500, 2000, 2001})
    for (const Transport transport : {Transport::tcp, Transport::udp}) scene.serve(scene.api.space(), transport, port);
  scene.apply("range.yaml", policy("prod", "range", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{ports: [{protocol: UDP, port: 1000, endPort: 2000}]}]})"));
  scene.enforce();
  std::vector<Expectation> expected{deny(scene.web, scene.api, 1500)};
  for (const TestPod* from : {&scene.web, &scene.spy}) {
    for (const std::uint16_t port : {1000, 1500, 2000})
      expected.push_back(allow(*from, scene.api, port, Transport::udp));
    for (const std::uint16_t port : {999, 2001}) expected.push_back(deny(*from, scene.api, port, Transport::udp));
  }
  scene.check(expected);
}

TEST_CASE("an SCTP rule allows SCTP and nothing else") {
  Scene scene;
  scene.apply("sctp.yaml", policy("prod", "sctp", R"({podSelector: {matchLabels: {app: api}},
    ingress: [{from: [{podSelector: {}}], ports: [{protocol: SCTP, port: 80}]}]})"));
  scene.enforce();
  std::vector<Expectation> expected;
  for (const TestPod* from : {&scene.web, &scene.db}) {
    expected.push_back(allow(*from, scene.api, 80, Transport::sctp));
    expected.push_back(deny(*from, scene.api, 81, Transport::sctp));
    expected.push_back(deny(*from, scene.api, 80, Transport::tcp));
    expected.push_back(deny(*from, scene.api, 80, Transport::icmp));
  }
  expected.push_back(deny(scene.spy, scene.api, 80, Transport::sctp));
  scene.check(expected);
}

TEST_CASE("the agent makes a bridge that bypasses the inet hooks pass them, and enforces") {
  Cluster cluster(1, NodeOptions{false});
  TestPod& web = cluster.pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = cluster.pod({"prod", "api", {{"app", "api"}}});
  cluster.apply("deny.yaml", policy("prod", "deny", "{podSelector: {matchLabels: {app: api}}}"));
  cluster.check({allow(web, api), allow(api, web)});
  cluster.enforce();
  cluster.check({deny(web, api), allow(api, web)});
}

}  // namespace selvage::packets

#include <catch2/catch.hpp>

#include "lab/flow.h"
#include "tests/controller/counting_node.h"

/// Established connections on the fast path, and changes that end it. No connections are read after the change: packets
/// that are dropped then are dropped by the transaction alone.
namespace selvage::testing {
namespace {

using lab::Flow;

policy::NetworkPolicy web_alone() {
  return ingress_policy("prod/in", where({is("app", "api")}), {allow({pods(where({is("app", "web")}))})});
}

struct Conversation : CountingNode {
  TestPod& web = pod("web", {{"app", "web"}});
  TestPod& api = pod("api", {{"app", "api"}});

  Conversation() { commit({policy::upsert(web_alone())}); }

  Flow talk(IpFamily family, Transport transport) {
    auto flow = Flow::open({web.host, api.host, family, transport, 90});
    REQUIRE(flow);
    CHECK(flow->client_reaches_server(kAllowed));
    CHECK(flow->server_reaches_client(kAllowed));
    return std::move(*flow);
  }
  std::string fast_path() {
    const auto text = lab::run(space(), {"nft", "list", "set", "inet", "selvage", "fastpath-state"});
    REQUIRE(text);
    return *text;
  }
};

TEST_CASE("the first packet after the policy that denies it is dropped, on the fast path too") {
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    for (const Transport transport : {Transport::tcp, Transport::udp}) {
      Conversation node;
      Flow flow = node.talk(family, transport);
      node.converge();
      REQUIRE(node.fast_path().find("established") != std::string::npos);
      CHECK(flow.client_reaches_server(kAllowed));
      CHECK(flow.server_reaches_client(kAllowed));
      node.commit({policy::upsert(ingress_policy("prod/in", where({is("app", "api")}), {}))});
      CHECK_FALSE(flow.client_reaches_server(kDenied));
    }
  }
}

TEST_CASE("a new connection is judged while others are on the fast path") {
  Conversation node;
  TestPod& other = node.pod("other", {{"app", "other"}});
  const Flow flow = node.talk(IpFamily::v4, Transport::tcp);
  node.converge();
  REQUIRE(node.fast_path().find("established") != std::string::npos);
  CHECK(answered(node.web, {node.api.address(IpFamily::v4), 80}, Transport::tcp, true));
  for (const Transport transport : {Transport::tcp, Transport::udp}) {
    CHECK_FALSE(answered(other, {node.api.address(IpFamily::v4), 80}, transport, false));
  }
}

TEST_CASE("packets of connections on the fast path are not judged, those of others are") {
  Conversation node;
  Flow flow = node.talk(IpFamily::v4, Transport::udp);
  node.converge();
  // What tells the two apart: a rule that nobody judges by any more.
  node.network().nft(1, "insert rule inet selvage ingress4 udp dport 90 drop");
  CHECK(flow.client_reaches_server(kAllowed));
  node.network().nft(1, "delete element inet selvage fastpath-state { established }");
  CHECK_FALSE(flow.client_reaches_server(kDenied));
}

}  // namespace
}  // namespace selvage::testing

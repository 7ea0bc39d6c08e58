#include <catch2/catch.hpp>
#include <csignal>
#include <random>
#include <regex>
#include <thread>

#include "cluster.h"
#include "knocker.h"
#include "listing.h"
#include "tests/support/prober.h"

/// Killed agents, and tables of another layout than the agent's.
namespace selvage::packets {
namespace {

/// web may always reach api on 80 and 90, other never; the other rules change.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
  Expectation always = allow(web, api);
  Expectation never = deny(other, api);

  Scene() { allow_web(81); }

  /// web may reach api on 80, 90 and this port.
  void allow_web(unsigned port) {
    apply("policy.yaml", policy("prod", "policy",
                                "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: "
                                "{matchLabels: {app: web}}}], ports: [{port: 80}, {port: 90}, {port: " +
                                    std::to_string(port) + "}]}]}"));
  }
  /// Adds or removes a policy with a class of its own.
  void isolate_other(bool isolated) {
    if (!isolated) return withdraw("other.yaml");
    apply("other.yaml", policy("prod", "other",
                               "{podSelector: {matchLabels: {app: other}}, ingress: [{from: "
                               "[{ipBlock: {cidr: 192.0.2.0/24}}]}]}"));
  }
  Process start(const Argv& more = {}) {
    Process agent = start_agent(1, more);
    await({always, never});
    return agent;
  }
};

/// Invariants while agents are started and killed: nothing from `other` reaches api, all of web's connections are
/// answered, and an established one continues.
class Witness {
 public:
  explicit Witness(Scene& scene)
      : inbox_(UdpInbox::open(scene.api.space(), 99).value()),
        standing_(Flow::open({scene.web.host, scene.api.host, IpFamily::v4, Transport::tcp, 90}).value()),
        knocker_(std::in_place, scene.other, scene.api, 99),
        prober_({scene.always, scene.never}) {}

  void check() {
    prober_.check();
    knocker_.reset();
    CHECK_FALSE(inbox_.received("knock", milliseconds(0)));
    CHECK(standing_.client_reaches_server(kAllowed));
    CHECK(standing_.server_reaches_client(kAllowed));
  }

 private:
  UdpInbox inbox_;
  Flow standing_;
  std::optional<Knocker> knocker_;
  Prober prober_;
};

std::string replace(const std::string& text, const char* what, const char* with) {
  return std::regex_replace(text, std::regex(what), with);
}

/// Tables of a possible later version: other names of classes, another layout chain, one more intermediate chain, more
/// sets and one more base chain. They enforce the same.
std::string later_layout(std::string text) {
  text = replace(text, "k([46])-(in|out)-", "class$1-$2-");
  text = replace(text, "layout-[0-9]+", "layout-99");
  text = replace(text, "goto deny-in", "goto no-ingress");
  text = replace(text, "table inet selvage \\{\n(\t.*\n)?", R"($&
	set zones { type inet_service . ifname; elements = { 80 . "lo" }; }
	map levels { type ipv4_addr : mark; }
	chain no-ingress { goto deny-in; }
	chain audit { type filter hook forward priority 5; policy accept; ct mark set 0; }
)");
  return text;
}

/// Tables of an earlier version.
std::string earlier_layout(std::string text) {
  text = replace(text, "\tchain layout-[0-9]+ \\{\n(\t\t.*\n)*\t\\}\n", "");
  return replace(text, "goto deny-(in|out)", "goto deny");
}

void check_taken_over(const char* was, const std::function<std::string(std::string)>& change) {
  CAPTURE(was);
  Scene scene;
  std::optional<Process> agent(scene.start({"--table-owner", "off"}));
  const auto right = listing(scene);
  REQUIRE_FALSE(right.empty());
  CHECK(agent->stop(SIGTERM) == 0);
  const auto text = run(scene.node(1).space(), {"nft", "list", "ruleset"});
  REQUIRE(text);
  const std::string other = change(*text);
  CAPTURE(other);
  REQUIRE(other != *text);
  std::smatch layout;
  REQUIRE(std::regex_search(*text, layout, std::regex("chain layout-[0-9]+ ")));
  REQUIRE(other.find(layout.str()) == std::string::npos);
  scene.nft(1, "flush ruleset\n" + other);
  REQUIRE(listing(scene) != right);
  scene.check({scene.always, scene.never});
  Witness witness(scene);
  agent.emplace(scene.start({"--table-owner", "off"}));
  CHECK(eventually([&] { return listing(scene) == right; }));
  witness.check();
}

}  // namespace

TEST_CASE("agents that are killed at any moment neither open nor close what their policies agree on") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  Scene scene;
  std::optional<Process> agent(scene.start());
  Witness witness(scene);
  for (unsigned round = 0; round < 25; ++round) {
    scene.allow_web(82 + round % 3);
    scene.isolate_other(round % 2 == 0);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    CHECK(agent->stop(SIGKILL) == 128 + SIGKILL);
    agent.emplace(scene.start_agent());
  }
  scene.allow_web(81);
  scene.isolate_other(false);
  scene.await({allow(scene.web, scene.api, 81), allow(scene.web, scene.other), scene.always, scene.never});
  witness.check();
  // The agent that was killed last has left the tables that its successor would commit.
  CHECK(agent->stop(SIGTERM) == 0);
  const auto left = listing(scene);
  scene.selvage(1, {"cleanup"});
  scene.enforce();
  CHECK(listing(scene) == left);
}

TEST_CASE("tables of an earlier layout are upgraded without opening or closing anything") {
  check_taken_over("earlier", earlier_layout);
}

TEST_CASE("tables of a later layout are replaced without opening or closing anything") {
  check_taken_over("later", later_layout);
}

}  // namespace selvage::packets

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "cluster.h"
#include "knocker.h"
#include "listing.h"

/// Other writers of the agent's tables: nft(8), another agent, cleanup.
namespace selvage::packets {
namespace {

/// web may reach api; other may not.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});

  Scene() { allow_web(80); }

  void allow_web(unsigned port) {
    apply("policy.yaml", policy("prod", "policy",
                                "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: "
                                "{matchLabels: {app: web}}}], ports: [{port: " +
                                    std::to_string(port) + "}]}]}"));
  }
  /// An agent whose policy is in force.
  Process start(const Argv& more) {
    Process agent = start_agent(1, more);
    await({allow(web, api), deny(other, api)});
    return agent;
  }
  void check_policy() { check({allow(web, api), deny(other, api)}); }

  Result<std::string> try_nft(const std::string& script) {
    return run(node(1).space(), {"nft", "-f", "-"}, script + "\n");
  }
  Result<std::string> try_selvage(const std::string& command) {
    return run(node(1).space(), {SELVAGE_BINARY, command});
  }

  std::vector<std::string> listing() { return packets::listing(*this); }
  bool owned() {
    const auto text = run(node(1).space(), {"nft", "list", "table", "inet", "selvage"});
    return text && text->find("flags owner") != std::string::npos;
  }
  /// Whether the agents' log has the text after its first `begin` bytes.
  bool logged(const std::string& text, std::size_t begin = 0) {
    return agent_log().find(text, begin) != std::string::npos;
  }
};

/// A change by another program, and its name in the log.
struct Deed {
  const char* script;
  const char* named;
};
const std::vector<Deed> kDeeds = {
    {"flush ruleset", "deleted table inet selvage"},
    {"delete table inet selvage", "deleted table inet selvage"},
    {"delete table bridge selvage", "deleted table bridge selvage"},
    {"flush table inet selvage", "deleted a rule of chain inet selvage"},
    {"flush chain inet selvage deny", "chain inet selvage deny"},
    {"insert rule inet selvage forward accept", "chain inet selvage forward"},
    {"flush set inet selvage ingress-isolated4", "set inet selvage ingress-isolated4"},
    {"add chain inet selvage forward { policy drop; }", "chain inet selvage forward"},
    {"add table inet selvage { flags dormant; }", "table inet selvage"},
    {"add chain inet selvage mine { type filter hook forward priority -5; }", "chain inet selvage mine"},
};

}  // namespace

TEST_CASE("changes of open tables by other programs are logged and reverted, packets included") {
  Scene scene;
  const Process agent = scene.start({"--table-owner", "off"});
  const auto before = scene.listing();
  REQUIRE_FALSE(before.empty());
  for (const Deed& deed : kDeeds) {
    CAPTURE(deed.script);
    const std::size_t log_before = scene.agent_log().size();
    REQUIRE(scene.try_nft(deed.script));
    // Nothing else wakes the agent: no manifest changes and nothing is due.
    CHECK(eventually([&] { return scene.logged(deed.named, log_before) && scene.listing() == before; }));
    CHECK(scene.logged("nft[", log_before));
    scene.check_policy();
  }
}

TEST_CASE("owned tables refuse changes by other programs, and survive a flush of the ruleset") {
  Scene scene;
  const Process agent = scene.start({"--table-owner", "on"});
  const auto before = scene.listing();
  REQUIRE_FALSE(before.empty());
  UdpInbox inbox = UdpInbox::open(scene.api.space(), 99).value();
  {
    const Knocker knocker(scene.other, scene.api, 99);
    for (const Deed& deed : kDeeds) {
      CAPTURE(deed.script);
      const bool is_flush = std::string(deed.script) == "flush ruleset";
      CHECK(scene.try_nft(deed.script).has_value() == is_flush);
      CHECK(scene.listing() == before);
    }
    scene.check_policy();
  }
  CHECK_FALSE(inbox.received("knock", milliseconds(0)));
  CHECK_FALSE(scene.logged("nft["));
}

TEST_CASE("beginning and ceasing to own the tables neither opens nor closes anything") {
  Scene scene;
  std::optional<Process> agent(scene.start({"--table-owner", "off"}));
  CHECK_FALSE(scene.owned());
  const auto before = scene.listing();
  UdpInbox inbox = UdpInbox::open(scene.api.space(), 99).value();
  {
    const Knocker knocker(scene.other, scene.api, 99);
    for (const std::string owner : {"on", "off", "auto", "off"}) {
      CAPTURE(owner);
      CHECK(agent->stop(SIGTERM) == 0);
      agent.emplace(scene.start({"--table-owner", owner}));
      CHECK(eventually([&] { return scene.owned() == (owner != "off"); }));
      CHECK(scene.listing() == before);
      scene.check_policy();
    }
  }
  CHECK_FALSE(inbox.received("knock", milliseconds(0)));
}

TEST_CASE("orphaned tables enforce, can be flushed, and are created again by the next agent") {
  Scene scene;
  SECTION("open ones") { scene.enforce({"--table-owner", "on"}); }
  SECTION("orphans") { CHECK(scene.start({"--table-owner", "on"}).stop(SIGKILL) == 128 + SIGKILL); }
  REQUIRE_FALSE(scene.owned());
  const auto before = scene.listing();
  scene.check_policy();
  REQUIRE(scene.try_nft("flush ruleset"));
  CHECK(scene.listing().empty());
  const Process agent = scene.start({});
  CHECK(eventually([&] { return scene.owned(); }));
  CHECK(eventually([&] { return before.size() == scene.listing().size(); }));
}

TEST_CASE("an agent waits for the owner of the tables, logs that once, and takes over when the owner has ended") {
  Scene scene;
  std::optional<Process> old(scene.start({"--table-owner", "on"}));
  const Process next = scene.start_agent();
  CHECK(eventually([&] { return scene.logged("waiting"); }));
  scene.allow_web(81);
  scene.await({allow(scene.web, scene.api, 81), deny(scene.web, scene.api, 80)});
  CHECK(old->stop(SIGKILL) == 128 + SIGKILL);
  scene.allow_web(80);
  scene.await({allow(scene.web, scene.api, 80), deny(scene.web, scene.api, 81)});
  CHECK_FALSE(scene.try_nft("delete table inet selvage"));
  const std::string log = scene.agent_log();
  CHECK(log.find("waiting") == log.rfind("waiting"));
}

TEST_CASE("cleanup names the agent that owns the tables, and removes them when it has ended") {
  Scene scene;
  Process agent = scene.start({"--table-owner", "on"});
  const auto refused = scene.try_selvage("cleanup");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("agent") != std::string::npos);
  scene.check_policy();
  CHECK(agent.stop(SIGTERM) == 0);
  REQUIRE(scene.try_selvage("cleanup"));
  CHECK(scene.listing().empty());
  scene.check({allow(scene.other, scene.api)});
}

TEST_CASE("beside the agent that owns the tables a dry run shows what would change, and --once changes nothing") {
  Scene scene;
  const Process agent = scene.start({"--table-owner", "on"});
  const auto before = scene.listing();
  const auto same = scene.run_once(1, {"--dry-run"});
  REQUIRE(same);
  CHECK(same->find("nothing to change") != std::string::npos);
  const auto other = scene.run_once(1, {"--dry-run", "--unknown-pods", "drop"});
  REQUIRE(other);
  CHECK(other->find("add rule inet selvage forward") != std::string::npos);
  CHECK_FALSE(scene.run_once(1));
  CHECK(scene.listing() == before);
  scene.check_policy();
}

}  // namespace selvage::packets

#include <catch2/catch.hpp>
#include <csignal>
#include <sstream>

#include "cluster.h"
#include "knocker.h"
#include "listing.h"

/// Restarts, stops and removal of the agent.
namespace selvage::packets {
namespace {

/// Monitors nftables changes of a node.
class ChangeLog {
 public:
  explicit ChangeLog(Cluster& cluster)
      : cluster_(cluster), monitor_(Process::start(cluster.node(1).space(), {"nft", "monitor"}, log()).value()) {
    // Marker transactions show in the log that the monitor has started, and that it is up to date.
    REQUIRE(eventually([&] { return marked("begin"); }));
  }

  /// All changes so far.
  std::string text() {
    cluster_.nft(1, "table inet end\n");
    REQUIRE(eventually([&] {
      REQUIRE_FALSE(monitor_.wait(milliseconds(20)));
      return content().find("add table inet end") != std::string::npos;
    }));
    return content();
  }

 private:
  std::filesystem::path log() const { return folder_.path() / "monitor.log"; }
  std::string content() const { return read_whole(log()).value_or(""); }
  bool marked(const std::string& table) {
    cluster_.nft(1, "table inet " + table + "\ndelete table inet " + table + "\n");
    REQUIRE_FALSE(monitor_.wait(milliseconds(20)));
    return content().find("delete table inet " + table) != std::string::npos;
  }

  Cluster& cluster_;
  TemporaryFolder folder_ = TemporaryFolder::create().value();
  Process monitor_;
};

/// web may reach api; other may not.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});

  Scene() {
    apply("policy.yaml", policy("prod", "policy", R"({podSelector: {matchLabels: {app: api}},
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}, {port: 80, protocol: UDP}]}]})"));
  }
  /// The tables as the host's nft lists them.
  std::string ruleset() { return run(node(1).space(), {"nft", "list", "ruleset"}).value(); }
  /// Whether a running program owns them.
  bool owned() { return ruleset().find("flags owner") != std::string::npos; }
  /// Runs an agent until policy is enforced, and ends it by this signal.
  void run_and_stop(int signal) {
    Process agent = start_agent();
    await({allow(web, api), deny(other, api)});
    agent.stop(signal);
  }
};

}  // namespace

TEST_CASE("a killed agent's policy stays, and its successor takes over without opening") {
  Scene scene;
  std::optional<Process> agent(scene.start_agent());
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
  UdpInbox inbox = UdpInbox::open(scene.api.space(), 99).value();
  {
    const Knocker knocker(scene.other, scene.api, 99);
    CHECK(agent->stop(SIGKILL) == 128 + SIGKILL);
    scene.check({allow(scene.web, scene.api), deny(scene.other, scene.api)});
    agent.emplace(scene.start_agent());
    // A change that the successor follows shows that it has taken over.
    scene.apply("policy.yaml", policy("prod", "policy", R"({podSelector: {matchLabels: {app: api}},
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 81}]}]})"));
    scene.await({allow(scene.web, scene.api, 81), deny(scene.web, scene.api, 80)});
  }
  CHECK_FALSE(inbox.received("knock", milliseconds(0)));
}

TEST_CASE("the restart test's datagrams arrive where they are allowed") {
  Scene scene;
  UdpInbox inbox = UdpInbox::open(scene.api.space(), 99).value();
  const Knocker knocker(scene.other, scene.api, 99);
  CHECK(inbox.received("knock", kAllowed));
}

TEST_CASE("an agent that finds its policy in place changes nothing") {
  Scene scene;
  ChangeLog first(scene);
  scene.enforce({"--table-owner", "off"});
  CHECK(first.text().find("selvage") != std::string::npos);
  scene.nft(1, "delete table inet end\n");
  ChangeLog second(scene);
  scene.enforce({"--table-owner", "off"});
  CHECK(second.text().find("selvage") == std::string::npos);
  scene.check({allow(scene.web, scene.api), deny(scene.other, scene.api)});
}

TEST_CASE("an agent that finds its policy in a killed agent's tables changes no more than their owner") {
  Scene scene;
  // Counted, no pod is on the fast path, whose set changes without any policy.
  const Argv counting = {"--table-owner", "on", "--policy-counters"};
  std::optional<Process> agent(scene.start_agent(1, counting));
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
  CHECK(agent->stop(SIGKILL) == 128 + SIGKILL);
  REQUIRE_FALSE(scene.owned());
  ChangeLog changes(scene);
  agent.emplace(scene.start_agent(1, counting));
  REQUIRE(eventually([&] { return scene.owned(); }));
  std::istringstream lines(changes.text());
  int tables = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("selvage") == std::string::npos || line.starts_with("# new generation")) continue;
    if (line.find(" selvage cut {") != std::string::npos) continue;  // connections that are cut stay cut
    CAPTURE(line);
    CHECK(line.starts_with("add table "));
    ++tables;
  }
  CHECK(tables == 2);
  scene.check({allow(scene.web, scene.api), deny(scene.other, scene.api)});
}

TEST_CASE("a dry run changes nothing") {
  Scene scene;
  ChangeLog changes(scene);
  scene.enforce({"--dry-run"});
  CHECK(changes.text().find("selvage") == std::string::npos);
  scene.check({allow(scene.other, scene.api)});
}

TEST_CASE("a stopped agent leaves its policy in force") {
  Scene scene;
  Process agent = scene.start_agent();
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
  CHECK(agent.stop(SIGTERM) == 0);
  scene.check({allow(scene.web, scene.api), deny(scene.other, scene.api)});
}

TEST_CASE("cleanup removes Selvage's tables only, and traffic flows") {
  Scene scene;
  scene.nft(1, "table inet neighbour { chain c { }\n}\n");
  scene.enforce();
  scene.check({deny(scene.other, scene.api)});
  scene.selvage(1, {"cleanup"});
  scene.check({allow(scene.other, scene.api), allow(scene.web, scene.api, 81)});
  const std::string tables = run(scene.node(1).space(), {"nft", "list", "tables"}).value();
  CHECK(tables.find("selvage") == std::string::npos);
  CHECK(tables.find("neighbour") != std::string::npos);
}

TEST_CASE("tables that no agent owns any more list as text that loads again and enforces the same") {
  Scene scene;
  SECTION("after a single run") { scene.enforce({"--table-owner", "auto"}); }
  SECTION("after a single run with open tables") { scene.enforce({"--table-owner", "off"}); }
  SECTION("after a stop") { scene.run_and_stop(SIGTERM); }
  SECTION("after a kill and a single run") {
    scene.run_and_stop(SIGKILL);
    scene.enforce();
  }
  const std::string text = scene.ruleset();
  const auto blocks = listing(scene);
  REQUIRE(run(scene.node(1).space(), {"nft", "-j", "list", "ruleset"}));
  CHECK(run(scene.node(1).space(), {"nft", "-c", "-f", "-"}, text));
  REQUIRE(run(scene.node(1).space(), {"nft", "flush", "ruleset"}));
  scene.check({allow(scene.other, scene.api)});
  scene.nft(1, text);
  CHECK(listing(scene) == blocks);
  scene.check({allow(scene.web, scene.api), deny(scene.other, scene.api)});
}

TEST_CASE("tables of a running agent list as text that nft accepts") {
  Scene scene;
  const Process agent = scene.start_agent();
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
  // Elsewhere: on the node the kernel refuses any change of tables that the agent owns, checks included.
  CHECK(run(scene.outside().space, {"nft", "-c", "-f", "-"}, scene.ruleset()));
}

}  // namespace selvage::packets

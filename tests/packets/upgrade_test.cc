#include <catch2/catch.hpp>
#include <csignal>
#include <regex>

#include "cluster.h"
#include "controller/tables/table_layout.h"
#include "host/conntrack.h"
#include "knocker.h"
#include "listing.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/probe.h"
#include "tests/support/prober.h"
#include "tests/support/recorded_tables.h"

/// An agent that takes over the tables of the version before.
namespace selvage::packets {
namespace {

using controller::kInetTable;

/// The pods and policies that stood when tests/controller/fixtures/layout-2.hex was recorded.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
  Expectation always = allow(web, api);
  Expectation never = deny(other, api);

  Scene() {
    apply("api.yaml", policy("prod", "api", R"({podSelector: {matchLabels: {app: api}},
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}, {port: 81, endPort: 95}]}]})"));
    apply("other.yaml", policy("prod", "other", R"({podSelector: {matchLabels: {app: other}},
      ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.128/25]}}]}]})"));
    apply("web.yaml", policy("prod", "web", R"({podSelector: {matchLabels: {app: web}}, policyTypes: [Egress],
      egress: [{to: [{podSelector: {matchLabels: {app: api}}}]}]})"));
  }
  Flow flow(const TestPod& from, const TestPod& to) {
    Flow made = Flow::open({from.host, to.host, IpFamily::v4, Transport::tcp, 90}).value();
    REQUIRE(made.client_reaches_server(kAllowed));
    REQUIRE(made.server_reaches_client(kAllowed));
    return made;
  }

  /// Works in the node's namespace.
  template <class Work>
  auto inside(Work work) {
    auto done = node(1).space().inside(work);
    REQUIRE(done);
    return done;
  }
  nft::Ruleset tables() {
    return *inside([]() -> Result<nft::Ruleset> {
      const auto kernel = nft::NetlinkKernel::open();
      if (!kernel) return tl::unexpected(kernel.error());
      return (*kernel)->read(controller::kOurTables);
    });
  }
  /// The numbers of both tables: they change when a table is recreated.
  std::vector<std::string> handles() {
    std::vector<std::string> found;
    for (const char* family : {"inet", "bridge"}) {
      const auto text = run(node(1).space(), {"nft", "-a", "list", "table", family, "selvage"});
      std::smatch match;
      REQUIRE(text);
      REQUIRE(std::regex_search(*text, match, std::regex("table [a-z]+ selvage \\{.*handle ([0-9]+)")));
      found.push_back(match[1]);
    }
    return found;
  }
  /// Has the tables cut the connections between the two pods.
  void cut(const TestPod& from, const TestPod& to) {
    const Result<void> done = inside([&]() -> Result<void> {
      nft::Plan plan;
      nft::SetChange& change = plan.tables[kInetTable].elements[std::string(controller::kCut)];
      change.spec.key = {nft::FieldType::ct_id};
      const auto read = host::for_each_flow([&](const host::Flow& flow) {
        const bool meant = flow.source == from.address(IpFamily::v4) && flow.destination == to.address(IpFamily::v4);
        if (meant) change.add[{flow.id, {}}];
      });
      if (!read) return read;
      const auto kernel = nft::NetlinkKernel::open();
      if (!kernel) return tl::unexpected(kernel.error());
      return (*kernel)->commit(plan);
    });
    REQUIRE(done.has_value());
  }
};

/// The listing without comments of sets and chains: the kernel changes none of an object that stays.
std::vector<std::string> bare_listing(Cluster& cluster) {
  std::vector<std::string> blocks = listing(cluster);
  for (std::string& block : blocks) block = std::regex_replace(block, std::regex("\\n\t\tcomment \"[^\n]*"), "");
  return blocks;
}

bool is_silent(Flow& flow) { return !flow.client_reaches_server(kDenied) && !flow.server_reaches_client(kDenied); }

}  // namespace

TEST_CASE("tables of layout 2 are taken over without opening or cutting") {
  Scene scene;
  if (!*scene.inside([] { return nft::supports_table_owner(); })) {
    WARN("this kernel has no tables that outlive their owner: the recording cannot be replayed");
    return;
  }
  // What this version writes, and bridges whose traffic passes the hooks.
  scene.enforce({"--table-owner", "off"});
  const auto right = bare_listing(scene);
  scene.selvage(1, {"cleanup"});
  // Without any rule that asks for them the kernel tracks no connections.
  scene.nft(
      1, "table inet tracked {\n chain c {\n  type filter hook forward priority -10;\n  ct state established\n }\n}\n");
  Flow allowed = scene.flow(scene.web, scene.api);
  Flow denied = scene.flow(scene.other, scene.api);

  REQUIRE(scene.inside([] { return replay(recorded_batches(SELVAGE_FIXTURES "/layout-2.hex")); }));
  scene.cut(scene.other, scene.api);
  const nft::Table old = scene.tables().at(kInetTable);
  REQUIRE(old.ownership == nft::Ownership::orphaned);
  REQUIRE(old.chains.contains("layout-2"));
  REQUIRE(old.sets.at("settled").elements.size() == 1);
  REQUIRE_FALSE(old.sets.at("settled-pods4").elements.empty());
  REQUIRE(bare_listing(scene) != right);
  scene.check({scene.always, scene.never});
  REQUIRE(is_silent(denied));
  const auto handles = scene.handles();

  UdpInbox inbox = UdpInbox::open(scene.api.space(), 99).value();
  {
    const Knocker knocker(scene.other, scene.api, 99);
    Prober prober({scene.always, scene.never});
    prober.check();
    const Process agent = scene.start_agent(1, {"--table-owner", "on"});
    CHECK(eventually([&] { return bare_listing(scene) == right; }));
    prober.check();
    const nft::Table now = scene.tables().at(kInetTable);
    CHECK(now.ownership == nft::Ownership::taken);
    CHECK(scene.handles() == handles);
    // Nothing was opened for a moment, and nothing was cut.
    CHECK(is_silent(denied));
    CHECK(allowed.client_reaches_server(kAllowed));
    CHECK(allowed.server_reaches_client(kAllowed));
  }
  CHECK_FALSE(inbox.received("knock", milliseconds(0)));
}

}  // namespace selvage::packets

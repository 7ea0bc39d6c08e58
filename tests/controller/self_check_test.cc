#include "controller/selfcheck/self_check.h"

#include <array>
#include <catch2/catch.hpp>

#include "controller/selfcheck/self_check_flows.h"
#include "controller/tables/table_layout.h"
#include "nft/kernel/netlink_kernel.h"
#include "nft/text/text.h"
#include "tests/controller/log_capture.h"
#include "tests/controller/reconciled_node.h"
#include "tests/support/netns.h"
#include "tests/support/property.h"
#include "tests/support/shell.h"

/// The self-check finds faults in tables, and none in right ones.
namespace selvage::testing {
namespace {

using namespace controller;
using nft::Deviation;
using nft::ObjectKind;

RenderOptions plain_options() {
  RenderOptions options;
  options.bridge_match = BridgeMatch::port_kind;
  return options;
}

/// A node with a policy, and the tables that it should have.
struct Checked {
  explicit Checked(const std::vector<policy::Object>& of = world_with({web_to_api(), api_to_web()}))
      : objects(of), snapshot(policy::compile(of, kNode)), want(ruleset_from_scratch(of, plain_options())) {}

  [[nodiscard]] SelfCheckReport check(const nft::Ruleset& have, const SelfCheckOptions& options = {}) const {
    return self_check(have, want, *snapshot, options);
  }
  [[nodiscard]] SelfCheckReport check_both_as(const nft::Ruleset& ruleset) const {
    return self_check(ruleset, ruleset, *snapshot);
  }

  std::vector<policy::Object> objects;
  std::shared_ptr<const policy::Snapshot> snapshot;
  nft::Ruleset want;
};

std::string text_of(const SelfCheckReport& report) {
  std::string text;
  for (const auto& line : lines_of(report)) text += line + "\n";
  return text;
}

/// How many objects of inet selvage differ in this way.
std::size_t count_of(const SelfCheckReport& report, ObjectKind kind, Deviation deviation) {
  const auto found = report.differences.find({kInetTable, kind, deviation});
  return found == report.differences.end() ? 0 : found->second.count;
}

nft::Table& inet(nft::Ruleset& ruleset) { return ruleset.at(kInetTable); }

/// A foreign rule that lets everything pass.
nft::Ruleset opened(nft::Ruleset ruleset) {
  auto& rules = inet(ruleset).chains.at("forward").rules;
  rules.insert(rules.begin(), nft::RuleBuilder().accept());
  return ruleset;
}

/// The real kernel, with the tables of a node.
struct RealTables {
  explicit RealTables(const nft::Ruleset& want) : kernel(std::move(*nft::NetlinkKernel::open())) {
    const auto done = kernel->commit(nft::diff({}, want));
    if (!done) throw std::runtime_error(done.error().message);
  }
  [[nodiscard]] nft::Ruleset read() const {
    auto have = kernel->read(std::array{kInetTable, kBridgeTable});
    if (!have) throw std::runtime_error(have.error().message);
    return *have;
  }

  ScopedNetNs space;
  std::unique_ptr<nft::NetlinkKernel> kernel;
};

}  // namespace

TEST_CASE("right tables of random clusters pass the self-check") {
  for_each_seed(250, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const Checked node(objects_of(cluster));
    SelfCheckOptions options;
    options.seed = random();
    const SelfCheckReport report = node.check(node.want, options);
    INFO(text_of(report) << describe(cluster));
    CHECK(report.divergent() == 0);
    CHECK(lines_of(report).empty());
  });
}

TEST_CASE("sampled flows lie on both sides of the limits of permissions") {
  const Checked node;
  const auto flows = sample_flows(node.snapshot->result(), 7, 512);
  REQUIRE(flows.size() == 512);
  CHECK(flows == sample_flows(node.snapshot->result(), 7, 512));
  CHECK(flows != sample_flows(node.snapshot->result(), 8, 512));
  std::size_t allowed = 0;
  std::size_t beside = 0;
  for (const auto& flow : flows) {
    CHECK(flow.source != flow.destination);
    CHECK(flow.source.family() == flow.destination.family());
    allowed += policy::allows(node.snapshot->result(), flow) ? 1 : 0;
    beside += flow.destination_port == 8079 || flow.destination_port == 8081 ? 1 : 0;
  }
  CHECK(allowed > 20);
  CHECK(allowed < 500);
  CHECK(beside > 10);
  CHECK(sample_flows(policy::compile({}, kNode)->result(), 1, 512).empty());
}

TEST_CASE("an object that differs is counted and named") {
  const Checked node;
  nft::Ruleset have = node.want;
  inet(have).sets.at("ingress-isolated4").elements.clear();
  const SelfCheckReport report = node.check(have);
  INFO(text_of(report));
  CHECK(count_of(report, ObjectKind::element, Deviation::missing) > 0);
  CHECK(report.wrong_flows > 0);
  CHECK(report.divergent() == count_of(report, ObjectKind::element, Deviation::missing) + report.wrong_flows);
  CHECK(text_of(report).find("ingress-isolated4 { 10.244.1.3") != std::string::npos);
}

TEST_CASE("a rule that lets denied flows pass is found by its effect too") {
  const Checked node;
  const SelfCheckReport report = node.check(opened(node.want));
  INFO(text_of(report));
  CHECK(count_of(report, ObjectKind::rule, Deviation::unexpected) == 1);
  CHECK(report.wrong_flows > 10);
  REQUIRE_FALSE(report.wrong.empty());
  for (const auto& wrong : report.wrong) {
    CHECK(wrong.passes);
    CHECK(wrong.trace.find("forward: accept") != std::string::npos);
  }
}

TEST_CASE("tables that are as rendered and mean the wrong thing are found by their effect alone") {
  const Checked node;
  const SelfCheckReport open = node.check_both_as(opened(node.want));
  INFO(text_of(open));
  CHECK(open.differences.empty());
  CHECK(open.wrong_flows > 10);
  CHECK(open.divergent() == open.wrong_flows);

  nft::Ruleset shut = node.want;
  inet(shut).chains.at("forward").rules = {nft::RuleBuilder().drop()};
  const SelfCheckReport closed = node.check_both_as(shut);
  CHECK(closed.differences.empty());
  CHECK(closed.wrong_flows > 10);
}

TEST_CASE("unknown endpoints that pass are found") {
  const Checked node;
  nft::Ruleset have = node.want;
  for (const char* chain : {"unknown-source", "unknown-destination"})
    inet(have).chains.at(chain).rules = {nft::RuleBuilder().returns()};
  SelfCheckOptions options;
  options.flows = 0;
  const SelfCheckReport report = node.check(have, options);
  INFO(text_of(report));
  CHECK(report.wrong_flows >= 2);
}

TEST_CASE("a fallback may deny more, and never less") {
  const Checked node;
  SelfCheckOptions fallbacks;
  fallbacks.tightens_more = true;
  nft::Ruleset shut = node.want;
  inet(shut).chains.at("ingress4").rules = {nft::RuleBuilder().drop()};
  CHECK(self_check(shut, shut, *node.snapshot).wrong_flows > 0);
  CHECK(self_check(shut, shut, *node.snapshot, fallbacks).divergent() == 0);
  const nft::Ruleset open = opened(node.want);
  CHECK(self_check(open, open, *node.snapshot, fallbacks).wrong_flows > 0);
  // What is denied and not meant to be is found all the same.
  CHECK(self_check(shut, node.want, *node.snapshot, fallbacks).wrong_flows > 0);
}

TEST_CASE("records that contradict the objects are found") {
  const Checked node(world_with({web_to_api()}));
  policy::Compiler compiler(kNode);
  for (const auto& object : node.objects) compiler.apply(policy::upsert(object));
  const policy::Snapshot& stale = compiler.update();
  // No pod is app=web any more: known to the inventory, not worked into the records.
  for (const auto& object : node.objects) {
    const auto* of = std::get_if<policy::Pod>(&object);
    if (of == nullptr) continue;
    policy::Pod changed = *of;
    changed.labels = {};
    compiler.apply(policy::upsert(changed));
  }
  const SelfCheckReport report = self_check(node.want, node.want, stale);
  INFO(text_of(report));
  REQUIRE(report.wrong_flows > 0);
  CHECK(report.wrong.front().judge == "objects");
  CHECK(report.differences.empty());
}

TEST_CASE("a report is logged as errors, one line each, and is JSON") {
  const Checked node;
  const SelfCheckReport report = node.check(opened(node.want));
  {
    const LogCapture log;
    log_self_check(report);
    CHECK(log.count("self-check: ") == lines_of(report).size());
    CHECK(log.count("\n") == lines_of(report).size());
  }
  const std::string json = to_json(report);
  CHECK(must_run("python3 -c 'import json, sys\nr = json.loads(sys.stdin.read())\n"
                 "print(r[\"differences\"][0][\"examples\"][0], len(r[\"wrong\"]) > 0)' <<'EOF'\n" +
                 json + "\nEOF\n") == "forward: accept True\n");
  const LogCapture quiet;
  log_self_check(node.check(node.want));
  CHECK(quiet.text().empty());
}

TEST_CASE("the kernel's tables pass the self-check, whatever it changed by itself") {
  const Checked node;
  const RealTables kernel(node.want);
  CHECK(node.check(kernel.read()).divergent() == 0);
  must_run("nft add element inet selvage cut { 17 timeout 5m }");
  const SelfCheckReport report = node.check(kernel.read());
  INFO(text_of(report));
  CHECK(report.divergent() == 0);
}

TEST_CASE("changes by other programs are found and named") {
  const Checked node;
  const RealTables kernel(node.want);
  SECTION("an element deleted") {
    must_run("nft delete element inet selvage ingress-isolated4 { 10.244.1.3 }");
    const SelfCheckReport report = node.check(kernel.read());
    INFO(text_of(report));
    CHECK(count_of(report, ObjectKind::element, Deviation::missing) == 1);
    CHECK(text_of(report).find("ingress-isolated4 { 10.244.1.3") != std::string::npos);
    CHECK(report.wrong_flows > 0);
  }
  SECTION("a foreign rule") {
    must_run("nft insert rule inet selvage forward ip daddr 10.244.1.3 accept");
    const SelfCheckReport report = node.check(kernel.read());
    INFO(text_of(report));
    CHECK(count_of(report, ObjectKind::rule, Deviation::unexpected) == 1);
    CHECK(text_of(report).find("forward: ip daddr 10.244.1.3 accept") != std::string::npos);
    CHECK(report.wrong_flows > 0);
  }
  SECTION("a foreign rule that nobody here can read") {
    must_run("nft insert rule inet selvage forward meta mark 7 accept");
    const SelfCheckReport report = node.check(kernel.read());
    INFO(text_of(report));
    CHECK(count_of(report, ObjectKind::rule, Deviation::unexpected) == 1);
  }
  SECTION("another verdict in a map") {
    const auto& map = inet(const_cast<nft::Ruleset&>(node.want)).sets.at("ingress-peer4");
    const std::string key = nft::to_text(nft::SetSpec{map.spec.key}, map.elements.begin()->first, {});
    must_run("nft delete element inet selvage ingress-peer4 { " + key + " }");
    must_run("nft add element inet selvage ingress-peer4 { " + key + " : accept }");
    const SelfCheckReport report = node.check(kernel.read());
    INFO(text_of(report));
    CHECK(count_of(report, ObjectKind::element, Deviation::different) == 1);
    CHECK(text_of(report).find("ingress-peer4 { " + key) != std::string::npos);
  }
  SECTION("a chain and a set that are not ours, and a table that is gone") {
    must_run("nft add chain inet selvage guest && nft add set inet selvage guests '{ type ipv4_addr; }'");
    must_run("nft delete table bridge selvage");
    const SelfCheckReport report = node.check(kernel.read());
    INFO(text_of(report));
    CHECK(count_of(report, ObjectKind::chain, Deviation::unexpected) == 1);
    CHECK(count_of(report, ObjectKind::set, Deviation::unexpected) == 1);
    CHECK(report.differences.count({kBridgeTable, ObjectKind::table, Deviation::missing}) == 1);
  }
}

}  // namespace selvage::testing

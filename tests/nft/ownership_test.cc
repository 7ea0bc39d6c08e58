#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <array>
#include <cerrno>

#include "nft/kernel/probe.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "tests/nft/kernels.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"
#include "tests/support/shell.h"

/// Table ownership: part of the contract of contract_test.cc, and how nft(8) shows it. The real kernel must be
/// Linux 6.9 or newer.
namespace selvage::nft {
namespace {

Table with(Ownership ownership, Table table = small_table()) {
  table.ownership = ownership;
  return table;
}

/// With a live element.
Table with_cut(Table table) {
  table.sets["cut"].spec = spec_of({FieldType::ct_id});
  table.sets["cut"].spec.timeout = std::chrono::hours(1);
  return table;
}

/// Commits the plan from the present tables to `table`.
Plan plan_to(Kernel& kernel, const Table& table) { return diff(read_table(kernel), {{kTable, table}}); }

/// Changes of every kind, each valid for `small_table`.
std::vector<Plan> all_kinds_of_changes() {
  std::vector<Plan> plans(9);
  change(plans[0]).delete_table = true;
  change(plans[1]).own = true;
  change(plans[2]).add_chains["k3"];
  change(plans[3]).delete_chains = {"k2"};
  change(plans[4]).replace_rules["k1"] = {RuleBuilder().accept()};
  change(plans[5]).add_sets["more"] = spec_of({FieldType::ipv4_addr});
  change(plans[6]).delete_sets = {"port-ranges"};
  const SetSpec pods = small_table().sets.at("pods").spec;
  change(plans[7]).elements["pods"] = {pods, {{single(ipv4("10.0.0.2")), {}}}, {}};
  change(plans[8]).elements["pods"] = {pods, {}, {single(ipv4("10.0.0.1"))}};
  return plans;
}

}  // namespace

TEST_CASE("an owner creates, changes and deletes its table") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, with(Ownership::owned));
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::owned)}});
  Plan again;
  change(again).own = true;
  must_commit(*kernel, again);
  Table want = with(Ownership::owned);
  want.sets["pods"].elements.clear();
  put_table(*kernel, want);
  CHECK(read_table(*kernel) == Ruleset{{kTable, want}});
  must_commit(*kernel, diff(read_table(*kernel), {}));
  CHECK(read_table(*kernel).empty());
}

TEST_CASE("an owned table outlives its owner and is taken over unchanged") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, with(Ownership::owned));
  kernel.end_owners();
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::orphaned)}});
  Plan own;
  change(own).own = true;
  CHECK(plan_to(*kernel, with(Ownership::owned)) == own);
  must_commit(*kernel, own);
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::owned)}});
}

TEST_CASE("an orphan is taken over and changed in one transaction, or not at all") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, with(Ownership::owned));
  kernel.end_owners();
  Table want = with(Ownership::owned);
  want.chains["k2"].rules = {RuleBuilder().drop()};
  Plan refused = plan_to(*kernel, want);
  change(refused).delete_sets = {"none"};
  CHECK(refusal_of(*kernel, refused) == ENOENT);
  put_table(*kernel, want);
  CHECK(read_table(*kernel) == Ruleset{{kTable, want}});
}

TEST_CASE("an orphan without its base chain is replaced, since a takeover cannot add one") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  Table without = with(Ownership::owned);
  without.chains.erase("forward");
  put_table(*kernel, without);
  kernel.end_owners();
  Plan refused;
  change(refused).own = true;
  change(refused).add_chains["forward"].base = BaseChain{};
  CHECK(refusal_of(*kernel, refused) == EINVAL);
  CHECK(plan_to(*kernel, with(Ownership::owned)).tables.at(kTable).delete_table);
  put_table(*kernel, with(Ownership::owned));
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::owned)}});
}

TEST_CASE("any program can change and delete an orphan") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  const std::size_t kind = GENERATE(range(std::size_t{0}, all_kinds_of_changes().size()));
  CAPTURE(kind);
  put_table(*kernel, with(Ownership::owned));
  kernel.end_owners();
  must_commit(*kernel, all_kinds_of_changes()[kind]);
}

TEST_CASE("from open to owned and back the table is replaced, with its live elements") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  const Ownership from = GENERATE(Ownership::open, Ownership::owned, Ownership::orphaned);
  const Ownership to = GENERATE(Ownership::open, Ownership::owned);
  if (from == to || (from == Ownership::orphaned && to == Ownership::owned)) return;
  const bool orphaned = from == Ownership::orphaned;
  Table have = with_cut(with(orphaned ? Ownership::owned : from));
  have.sets["cut"].elements[single("\x01\x02\x03\x04")];
  put_table(*kernel, have);
  if (orphaned) kernel.end_owners();

  const Plan plan = plan_to(*kernel, with(to, with_cut(small_table())));
  CHECK(plan.tables.at(kTable).delete_table);
  CHECK(plan.tables.at(kTable).create_table);
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(to, have)}});
}

TEST_CASE("an open table cannot become an owned one") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, small_table());
  Plan plan;
  change(plan).own = true;
  CHECK(refusal_of(*kernel, plan) == EOPNOTSUPP);
}

TEST_CASE("every change of a table that another program owns is refused until that ends") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, with(Ownership::owned));
  kernel.end_owners();
  kernel.give_to_another();
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::taken)}});
  for (const Plan& plan : all_kinds_of_changes()) {
    INFO(to_text(plan));
    CHECK(refusal_of(*kernel, plan) == EPERM);
  }
  for (const Ownership want : {Ownership::open, Ownership::owned}) {
    CHECK(refusal_of(*kernel, plan_to(*kernel, with(want))) == EPERM);
  }
  kernel.end_owners();
  put_table(*kernel, with(Ownership::owned));
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::owned)}});
}

TEST_CASE("random rulesets, owned and open: the plan leads from one to the other") {
  const std::string name = GENERATE("fake", "netlink");
  testing::for_each_seed(name == "fake" ? 300 : 15, [&](testing::Random& random) {
    AnyKernel kernel(name);
    const std::vector<TableKey> keys{
        {TableFamily::inet, "selvage"}, {TableFamily::inet, "other"}, {TableFamily::bridge, "selvage"}};
    for (int step = 0; step < 5; ++step) {
      Ruleset want = random_ruleset(random);
      for (auto& [key, table] : want) {
        if (testing::chance(random, 60)) table.ownership = Ownership::owned;
      }
      if (testing::chance(random, 40)) kernel.end_owners();
      const auto have = kernel->read(keys);
      REQUIRE(have);
      const Plan plan = diff(*have, want);
      INFO("have:\n" << to_text(*have) << "plan:\n" << to_text(plan));
      must_commit(*kernel, plan);
      const auto now = kernel->read(keys);
      REQUIRE(now);
      REQUIRE(*now == want);
      REQUIRE(diff(*now, want).empty());
    }
  });
}

TEST_CASE("the probe for table owners leaves no trace and no notification") {
  const ScopedNetNs here;
  auto socket = netlink::Socket::open(NETLINK_NETFILTER, 1U << (NFNLGRP_NFTABLES - 1));
  REQUIRE(socket);
  const auto supported = supports_table_owner();
  INFO((supported ? std::string() : supported.error().message));
  REQUIRE(supported);
  CHECK(*supported);
  CHECK_FALSE(socket->drain());
  CHECK(must_run("nft list ruleset").empty());
}

TEST_CASE("nft cannot change an owned table, and its flush skips it") {
  AnyKernel kernel("netlink");
  put_table(*kernel, with(Ownership::owned));
  must_run("nft add table inet other");
  CHECK(shell("nft delete table inet selvage").status != 0);
  CHECK(shell("nft flush table inet selvage").status != 0);
  CHECK(shell("nft flush chain inet selvage forward").status != 0);
  CHECK(shell("nft insert rule inet selvage forward accept").status != 0);
  CHECK(shell("nft delete element inet selvage pods { 10.0.0.1 }").status != 0);
  CHECK(shell("nft chain inet selvage forward '{ policy drop; }'").status != 0);
  CHECK(shell("nft add table inet selvage '{ flags dormant; }'").status != 0);
  must_run("nft flush ruleset");
  CHECK(read_table(*kernel) == Ruleset{{kTable, with(Ownership::owned)}});
  CHECK(shell("nft list table inet other").status != 0);
}

TEST_CASE("nft flushes an orphan") {
  AnyKernel kernel("netlink");
  put_table(*kernel, with(Ownership::owned));
  kernel.end_owners();
  must_run("nft flush ruleset");
  CHECK(read_table(*kernel).empty());
}

TEST_CASE("nft lists an owned table completely, with the flag") {
  AnyKernel kernel("netlink");
  put_table(*kernel, small_table());
  const std::string open = must_run("nft -s list table inet selvage");
  put_table(*kernel, with(Ownership::owned));
  const std::string owned = must_run("nft -s list table inet selvage");
  INFO(owned);
  CHECK(owned.find("flags owner") != std::string::npos);
  CHECK(must_run("nft -s list chain inet selvage forward | tail -n +2").size() > 40);
  const auto body = [](const std::string& listing) { return listing.substr(listing.find("\tmap ")); };
  CHECK(body(owned).size() == body(open).size());
  const std::string check = "import json,sys; t=json.load(sys.stdin)['nftables']; sys.exit(0 if len(t) > 5 else 1)";
  must_run("nft -j list ruleset | python3 -c \"" + check + "\"");
}

TEST_CASE("the text of an owned table and of its plan has the flags") {
  const Ruleset owned{{kTable, with(Ownership::owned)}};
  CHECK(to_text(owned).find("\tflags owner,persist\n") != std::string::npos);
  CHECK(to_text(diff({}, owned)).rfind("add table inet selvage { flags owner,persist; }\n", 0) == 0);
  CHECK(to_text(Ruleset{{kTable, small_table()}}).find("flags owner") == std::string::npos);
}

}  // namespace selvage::nft

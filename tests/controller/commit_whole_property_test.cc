#include <catch2/catch.hpp>

#include "controller/sync/commit_steps.h"
#include "nft/plan/text_plan.h"
#include "tests/controller/rulesets.h"
#include "tests/controller/stepped_tables.h"
#include "tests/support/property.h"

/// While a table is replaced, a stand-in enforces, and new tables are complete before they judge.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using controller::kStandInTable;
using nft::Ruleset;

/// The tables of a random cluster.
Ruleset random_tables(Random& random, Cluster& cluster) {
  cluster = random_cluster(random, 40);
  return ruleset_from_scratch(objects_of(cluster));
}

Ruleset owned(Ruleset tables, nft::Ownership ownership) {
  for (auto& entry : tables) entry.second.ownership = ownership;
  return tables;
}

TEST_CASE("no packet meets half a table while it is replaced, though the agent is killed meanwhile") {
  std::size_t compared = 0;
  for_each_seed(20, [&](Random& random) {
    Cluster cluster;
    const Ruleset before = random_tables(random, cluster);
    const Ruleset after = owned(before, nft::Ownership::owned);
    const Judged judged(random_packets(random, cluster), before, after);
    const auto commit_from = [&](const Ruleset& have) {
      SteppedTables kernel(have, judged);
      REQUIRE(controller::commit_whole(nft::diff(have, after), controller::tables_there(have), kernel.transaction()));
      REQUIRE(kernel.tables() == after);
      compared += kernel.compared;
      return kernel.states;
    };
    const auto states = commit_from(before);
    CHECK(states.size() == 5);
    // A killed agent owns nothing any more.
    for (const auto& state : states) {
      Ruleset left = state;
      for (auto& entry : left) {
        if (entry.second.ownership == nft::Ownership::owned) entry.second.ownership = nft::Ownership::orphaned;
      }
      commit_from(left);
    }
  });
  CHECK(compared > 1000);
}

TEST_CASE("new tables are complete before they judge") {
  for_each_seed(20, [&](Random& random) {
    Cluster cluster;
    const Ruleset after = random_tables(random, cluster);
    const Judged judged(random_packets(random, cluster), {}, after);
    SteppedTables kernel({}, judged);
    REQUIRE(controller::commit_in_steps(nft::diff({}, after), kernel.transaction()));
    CHECK(kernel.tables() == after);
  });
}

TEST_CASE("a table that is not replaced keeps no stand-in") {
  Random random(1);
  Cluster cluster;
  const Ruleset want = random_tables(random, cluster);
  Ruleset have = want;
  have[kStandInTable] = have.at(kInetTable);
  const Judged judged(random_packets(random, cluster), want, want);
  SteppedTables kernel(have, judged);
  REQUIRE(controller::commit_whole(nft::diff(have, want), controller::tables_there(have), kernel.transaction()));
  CHECK(kernel.tables() == want);
  CHECK(kernel.states.size() == 1);
}

/// A kernel that permits nothing is asked once, for nothing that concerns a stand-in.
void check_refused_at_once(const Ruleset& have, const Ruleset& want) {
  std::size_t transactions = 0;
  const auto refuse = [&](const nft::Plan& step) -> nft::CommitResult {
    ++transactions;
    CHECK_FALSE(step.tables.contains(kStandInTable));
    return fail_errno("commit", EPERM);
  };
  CHECK_FALSE(controller::commit_whole(nft::diff(have, want), controller::tables_there(have), refuse));
  CHECK(transactions == 1);
}

TEST_CASE("a table that another program owns gets no stand-in") {
  Random random(1);
  Cluster cluster;
  const Ruleset want = random_tables(random, cluster);
  const Ruleset have = owned(want, nft::Ownership::taken);
  check_refused_at_once(have, want);
}

TEST_CASE("a table that another program owns is not touched, and neither is that program's stand-in") {
  Random random(1);
  Cluster cluster;
  const Ruleset want = owned(random_tables(random, cluster), nft::Ownership::owned);
  Ruleset have = owned(want, nft::Ownership::taken);
  have.at(kInetTable).chains.erase("forward");
  have[kStandInTable] = want.at(kInetTable);
  check_refused_at_once(have, want);
}

TEST_CASE("a refused step of a replacement leaves the old table, and names the table itself") {
  for (const std::size_t refused : {0, 1, 2}) {
    Random random(1);
    Cluster cluster;
    const Ruleset before = random_tables(random, cluster);
    const Ruleset after = owned(before, nft::Ownership::owned);
    Ruleset tables = before;
    std::size_t transactions = 0;
    const auto commit = [&](const nft::Plan& step) -> nft::CommitResult {
      if (transactions++ == refused) {
        const nft::TableKey& named = step.tables.begin()->first;
        const nft::PlanPart part{named, nft::PlanPart::Kind::set, "self4", 0, std::nullopt, false};
        return tl::unexpected(nft::CommitError(Error{"commit", ENOSPC}, {{part, ENOSPC}}));
      }
      tables = nft::apply(step, tables).value();
      return {};
    };
    const auto done = controller::commit_whole(nft::diff(before, after), controller::tables_there(before), commit);
    REQUIRE_FALSE(done);
    CHECK(done.error().parts.front().part.table == kInetTable);
    // The stand-in stays where it may be all that enforces.
    CHECK(tables.erase(kStandInTable) == (refused == 2 ? 1U : 0U));
    CHECK(tables == before);
  }
}

TEST_CASE("a replacement whose answers are lost is open at no time") {
  for (const std::size_t lost : {0, 1, 2, 3, 4}) {
    Random random(2);
    Cluster cluster;
    const Ruleset before = random_tables(random, cluster);
    const Ruleset after = owned(before, nft::Ownership::owned);
    const Judged judged(random_packets(random, cluster), before, after);
    SteppedTables kernel(before, judged);
    std::size_t transactions = 0;
    const auto commit = [&](const nft::Plan& step) -> nft::CommitResult {
      const auto done = kernel.transaction()(step);
      REQUIRE(done);
      if (transactions++ == lost) return fail_errno("commit", ENOBUFS);
      return done;
    };
    const auto attempt = [&] {
      const Ruleset have = kernel.tables();
      return controller::commit_whole(nft::diff(have, after), controller::tables_there(have), commit);
    };
    CHECK_FALSE(attempt());
    REQUIRE(attempt());
    CHECK(kernel.tables() == after);
  }
}

}  // namespace
}  // namespace selvage::testing

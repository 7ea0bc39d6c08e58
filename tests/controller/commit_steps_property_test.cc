#include <catch2/catch.hpp>
#include <set>

#include "controller/sync/commit_steps.h"
#include "controller/tables/table_layout.h"
#include "nft/plan/apply.h"
#include "nft/plan/text_plan.h"
#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

/// While a plan is committed, each packet is judged as before it or as after it, although the kernel publishes the
/// contents of interval sets after the rest of their transaction.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using controller::kStandInTable;
using nft::Ruleset;

constexpr int kPackets = 60;

std::vector<nft::Packet> random_packets(Random& random, const Cluster& cluster) {
  const auto objects = objects_of(cluster);
  std::vector<nft::Packet> packets;
  for (int i = 0; i < kPackets; ++i) {
    const Way way = chance(random, 50) ? Way::bridged : Way::routed;
    packets.push_back(on_the_way(random_packet(random, cluster), objects, way));
  }
  return packets;
}

bool replaced(const nft::Plan& step, const nft::TableKey& key) {
  const auto table = step.tables.find(key);
  return table != step.tables.end() && table->second.delete_table;
}

/// What packets meet while the kernel ends a transaction: the tables after it, interval sets with the contents from
/// before it.
Ruleset late(const Ruleset& before, const nft::Plan& step, Ruleset after) {
  for (auto& [key, table] : after) {
    const auto old_table = before.find(key);
    for (auto& [name, set] : table.sets) {
      if (!set.spec.interval) continue;
      set.elements.clear();
      if (old_table == before.end() || replaced(step, key)) continue;
      const auto old_set = old_table->second.sets.find(name);
      if (old_set != old_table->second.sets.end()) set.elements = old_set->second.elements;
    }
  }
  return after;
}

std::set<std::string> local_addresses(const Ruleset& tables) {
  std::set<std::string> addresses;
  const auto table = tables.find(kInetTable);
  if (table == tables.end()) return addresses;
  for (const IpFamily family : policy::kFamilies) {
    for (const auto& entry : table->second.sets.at(controller::local_pods_set(family)).elements) {
      addresses.insert(entry.first.first);
    }
  }
  return addresses;
}

/// Packets, and what became of them before a plan and after it.
class Judged {
 public:
  Judged(std::vector<nft::Packet> packets, const Ruleset& before, const Ruleset& after)
      : packets_(std::move(packets)),
        before_(verdicts(before)),
        after_(verdicts(after)),
        gone_(local_addresses(before)) {
    for (const std::string& address : local_addresses(after)) gone_.erase(address);
  }

  /// Judges them by tables between the two. The number of packets that have one verdict before and after.
  std::size_t check(const Ruleset& between) const {
    const auto now = verdicts(between);
    std::size_t settled = 0;
    for (std::size_t i = 0; i < packets_.size(); ++i) {
      if (before_[i] != after_[i]) continue;
      ++settled;
      if (now[i] == before_[i]) continue;
      // A pod that leaves the node may lose a packet.
      if (!now[i] && (gone_.contains(packets_[i].source.key()) || gone_.contains(packets_[i].destination.key())))
        continue;
      INFO((before_[i] ? "dropped in between:\n" : "passed in between:\n") << nft::trace(between, packets_[i]).text());
      REQUIRE(now[i] == before_[i]);
    }
    return settled;
  }

 private:
  [[nodiscard]] std::vector<bool> verdicts(const Ruleset& tables) const {
    nft::Tracer tracer(tables);
    std::vector<bool> all;
    for (const auto& packet : packets_) all.push_back(tracer.run(packet).accepted);
    return all;
  }

  std::vector<nft::Packet> packets_;
  std::vector<bool> before_;
  std::vector<bool> after_;
  std::set<std::string> gone_;  ///< addresses of pods that leave the node
};

/// Carries out transactions by the kernel's rules, and has packets judged in each and after each.
class SteppedTables {
 public:
  SteppedTables(Ruleset tables, const Judged& judged) : tables_(std::move(tables)), judged_(judged) {}

  controller::Transaction transaction() {
    return [this](const nft::Plan& step) -> nft::CommitResult {
      INFO(nft::to_text(step));
      auto after = nft::apply(step, tables_);
      INFO((after ? "" : after.error().message));
      REQUIRE(after);
      if (step.empty()) return {};
      settled += judged_.check(late(tables_, step, *after)) + judged_.check(*after);
      tables_ = std::move(*after);
      states.push_back(tables_);
      return {};
    };
  }
  [[nodiscard]] const Ruleset& tables() const { return tables_; }

  std::vector<Ruleset> states;  ///< after each transaction
  std::size_t settled = 0;

 private:
  Ruleset tables_;
  const Judged& judged_;
};

TEST_CASE("no packet meets half a change of one object") {
  std::size_t in_steps = 0;
  std::size_t settled = 0;
  for_each_seed(50, [&](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 40; ++step) {
      const Ruleset before = node.planned();
      const auto event = random_event(random, cluster);
      apply_event(cluster, event);
      const nft::Plan plan = node.step({event});
      if (plan.empty()) continue;
      const Judged judged(random_packets(random, cluster), before, node.planned());
      SteppedTables kernel(before, judged);
      INFO(describe(cluster) << nft::to_text(plan));
      REQUIRE(controller::commit_in_steps(plan, kernel.transaction()));
      INFO(nft::to_text(nft::diff(kernel.tables(), node.planned())));
      REQUIRE(kernel.tables() == node.planned());
      in_steps += kernel.states.size() > 1 ? 1 : 0;
      settled += kernel.settled;
    }
  });
  CHECK(in_steps > 30);
  CHECK(settled > 1000);
}

TEST_CASE("plans of many changes at once reach the tables in steps, too") {
  std::size_t in_steps = 0;
  for_each_seed(50, [&](Random& random) {
    Cluster cluster;
    IncrementalNode node;
    for (int step = 0; step < 10; ++step) {
      Ruleset tables = node.planned();
      std::vector<policy::Event> events;
      for (int i = 0; i < 8; ++i) {
        events.push_back(random_event(random, cluster));
        apply_event(cluster, events.back());
      }
      const nft::Plan plan = node.step(events);
      std::size_t transactions = 0;
      const auto carry_out = [&](const nft::Plan& part) -> nft::CommitResult {
        INFO(nft::to_text(part));
        auto after = nft::apply(part, tables);
        INFO((after ? "" : after.error().message));
        REQUIRE(after);
        tables = std::move(*after);
        ++transactions;
        return {};
      };
      REQUIRE(controller::commit_in_steps(plan, carry_out));
      REQUIRE(tables == node.planned());
      in_steps += transactions > 1 ? 1 : 0;
    }
  });
  CHECK(in_steps > 30);
}

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
  std::size_t settled = 0;
  for_each_seed(20, [&](Random& random) {
    Cluster cluster;
    const Ruleset before = random_tables(random, cluster);
    const Ruleset after = owned(before, nft::Ownership::owned);
    const Judged judged(random_packets(random, cluster), before, after);
    const auto commit_from = [&](const Ruleset& have) {
      SteppedTables kernel(have, judged);
      REQUIRE(controller::commit_whole(nft::diff(have, after), controller::tables_there(have), kernel.transaction()));
      REQUIRE(kernel.tables() == after);
      settled += kernel.settled;
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
  CHECK(settled > 1000);
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

TEST_CASE("a table that another program owns gets no stand-in") {
  Random random(1);
  Cluster cluster;
  const Ruleset want = random_tables(random, cluster);
  const Ruleset have = owned(want, nft::Ownership::taken);
  std::size_t transactions = 0;
  const auto refuse = [&](const nft::Plan& step) -> nft::CommitResult {
    ++transactions;
    CHECK_FALSE(step.tables.contains(kStandInTable));
    return fail_errno("commit", EPERM);
  };
  CHECK_FALSE(controller::commit_whole(nft::diff(have, want), controller::tables_there(have), refuse));
  CHECK(transactions == 1);
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

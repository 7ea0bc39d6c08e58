#include <algorithm>
#include <catch2/catch.hpp>

#include "controller/tables/deny_chains.h"
#include "nft/text/text.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// The log of denied packets in the tables.
namespace selvage::testing {
namespace {

using controller::RenderOptions;
using policy::Direction;

RenderOptions logging() {
  RenderOptions options;
  options.log_group = 700;
  options.log_rate = 7;
  options.log_burst = 9;
  return options;
}

/// Whether any rule of the ruleset logs or limits.
bool logs(const nft::Ruleset& ruleset) {
  const auto is_log = [](const nft::Expression& expression) {
    return std::holds_alternative<nft::Log>(expression) || std::holds_alternative<nft::Limit>(expression);
  };
  for (const auto& [key, table] : ruleset) {
    for (const auto& [name, chain] : table.chains) {
      for (const auto& rule : chain.rules) {
        if (std::ranges::any_of(rule.expressions, is_log)) return true;
      }
    }
  }
  return false;
}

const std::vector<policy::Object> kDenyAll = {both_policy("prod/deny", where(), {}, {})};

TEST_CASE("without a group nothing logs") {
  CHECK_FALSE(logs(ruleset_from_scratch(world_with(kDenyAll))));
  CHECK(logs(ruleset_from_scratch(world_with(kDenyAll), logging())));
}

TEST_CASE("the chain that drops is the same with and without a log") {
  const auto without = ruleset_from_scratch(world_with(kDenyAll));
  const auto with = ruleset_from_scratch(world_with(kDenyAll), logging());
  CHECK(with.at(controller::kInetTable).chains.at("deny") == without.at(controller::kInetTable).chains.at("deny"));
}

TEST_CASE("a denied packet is logged once, limited, headers only, with its direction") {
  const auto objects = world_with({ingress_policy("prod/in", where({is("app", "api")}), {}),
                                   egress_policy("prod/out", where({is("app", "db")}), {})});
  const auto ruleset = ruleset_from_scratch(objects, logging());
  const auto logged = [&](const FirstPacket& packet) {
    return nft::trace(ruleset, on_the_way(packet, objects, Way::routed)).logged;
  };
  CHECK(logged(tcp(kWeb, kApi, 80)) == std::vector<std::string>{"selvage deny-in"});
  CHECK(logged(tcp(kDb, kWeb, 80)) == std::vector<std::string>{"selvage deny-out"});
  CHECK(logged(tcp(kDb, kApi, 80)) == std::vector<std::string>{"selvage deny-out"});
  CHECK(logged(tcp(kWeb, kDb, 80)).empty());
  const std::string text = nft::to_text(ruleset);
  for (const char* rule :
       {"limit rate 7/second burst 9 packets log prefix \"selvage deny-in\" group 700 snaplen 128\n",
        "limit rate 7/second burst 9 packets log prefix \"selvage deny-out\" group 700 snaplen 128\n"}) {
    CHECK(text.find(rule) != std::string::npos);
  }
  const auto is = [](std::string_view prefix, policy::Mode mode, Direction direction) {
    const auto source = controller::source_of_prefix(prefix);
    return source && source->mode == mode && source->direction == direction;
  };
  CHECK(is("selvage deny-in", policy::Mode::enforced, Direction::ingress));
  CHECK(is("selvage deny-out", policy::Mode::enforced, Direction::egress));
  CHECK(is("selvage staged-in", policy::Mode::staged, Direction::ingress));
  CHECK(is("selvage staged-out", policy::Mode::staged, Direction::egress));
  CHECK_FALSE(controller::source_of_prefix("deny-in"));
}

TEST_CASE("a pod that reaches itself through a service is not logged, a forged packet is") {
  const auto objects = world_with(kDenyAll);
  const auto ruleset = ruleset_from_scratch(objects, logging());
  for (const auto& packet : {tcp(kApi, kApi, 80), tcp(kApi6, kApi6, 80)}) {
    nft::Packet itself = on_the_way(packet, objects, Way::routed);
    itself.tracking->status = 32;  // translated
    CHECK(nft::trace(ruleset, itself).accepted);
    CHECK(nft::trace(ruleset, itself).logged.empty());
    itself.tracking->status = 0;
    CHECK_FALSE(nft::trace(ruleset, itself).accepted);
    CHECK(nft::trace(ruleset, itself).logged == std::vector<std::string>{"selvage deny-out"});
  }
}

TEST_CASE("logging changes no verdict, and logs exactly the packets that policy denies") {
  for_each_seed(120, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const auto objects = objects_of(cluster);
    const auto without = ruleset_from_scratch(objects);
    const auto with = ruleset_from_scratch(objects, logging());
    for (int i = 0; i < 30; ++i) {
      const FirstPacket packet = random_packet(random, cluster);
      const auto way = on_the_way(packet, objects, Way::routed);
      const nft::Trace before = nft::trace(without, way);
      const nft::Trace after = nft::trace(with, way);
      INFO(to_string(packet) << "\n" << after.text() << "\n" << describe(cluster));
      REQUIRE(before.accepted == after.accepted);
      REQUIRE(before.logged.empty());
      const bool by_policy = !before.accepted && before.hits.back().chain == "deny";
      REQUIRE(after.logged.size() == (by_policy ? 1 : 0));
      if (!by_policy) continue;
      const bool out = !ask_oracle_one_way(objects, kNode, packet, false).allowed;
      if (packet.source == packet.destination) continue;  // forged: which comes first, is judged
      REQUIRE(after.logged[0] == (out ? "selvage deny-out" : "selvage deny-in"));
    }
  });
}

}  // namespace
}  // namespace selvage::testing

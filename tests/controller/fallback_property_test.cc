#include <catch2/catch.hpp>

#include "controller/tables/fallback.h"
#include "controller/tables/table_layout.h"
#include "nft/text/text.h"
#include "nft/trace/tracer.h"
#include "tests/controller/packet_path.h"
#include "tests/controller/rulesets.h"
#include "tests/support/property.h"

/// Omitting refused parts must never let more pass.
namespace selvage::testing {
namespace {

using controller::kInetTable;
using controller::OmittedParts;
using Kind = nft::PlanPart::Kind;

nft::PlanPart inet_part(Kind kind, const std::string& name) {
  nft::PlanPart part;
  part.table = kInetTable;
  part.kind = kind;
  part.name = name;
  return part;
}

/// All parts of the tables that have a fallback.
std::vector<nft::PlanPart> candidates(const nft::Ruleset& want) {
  std::vector<nft::PlanPart> parts;
  const auto put = [&](const nft::PlanPart& part) {
    if (controller::has_fallback(want, part)) parts.push_back(part);
  };
  for (const auto& [name, chain] : want.at(kInetTable).chains) {
    put(inet_part(Kind::chain, name));
    put(inet_part(Kind::rule, name));
  }
  for (const auto& [name, set] : want.at(kInetTable).sets) {
    put(inet_part(Kind::set, name));
    for (const auto& [key, data] : set.elements) {
      auto part = inet_part(Kind::element, name);
      part.element = key;
      put(part);
    }
  }
  return parts;
}

struct Verdicts {
  nft::Trace whole;
  nft::Trace reduced;
};

/// Sends random packets of the cluster through both rulesets.
void send(Random& random, const Cluster& cluster, const nft::Ruleset& whole, const nft::Ruleset& reduced, int packets,
          const std::function<void(const FirstPacket&, const Verdicts&)>& judge) {
  const auto objects = objects_of(cluster);
  nft::Tracer through_whole(whole);
  nft::Tracer through_reduced(reduced);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, cluster);
    const nft::Packet sent = on_the_way(packet, objects, chance(random, 50) ? Way::bridged : Way::routed);
    judge(packet, {through_whole.run(sent), through_reduced.run(sent)});
  }
}

/// Whether the kernel would accept it: there are no dangling references.
void check_takable(const nft::Ruleset& ruleset) {
  const auto applied = nft::apply(nft::diff({}, ruleset), {});
  if (!applied) FAIL(applied.error().message);
}

TEST_CASE("omitting parts lets no packet pass that the whole tables drop") {
  for_each_seed(700, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const nft::Ruleset want = ruleset_from_scratch(objects_of(cluster));
    const auto all = candidates(want);
    if (all.empty()) return;
    OmittedParts out;
    for (std::size_t n = 1 + below(random, chance(random, 30) ? all.size() : 4); n > 0; --n) {
      out.insert(all[below(random, all.size())]);
    }
    const nft::Ruleset reduced = controller::without_parts(want, out);
    check_takable(reduced);
    send(random, cluster, want, reduced, 40, [&](const FirstPacket& packet, const Verdicts& verdicts) {
      if (!verdicts.reduced.accepted || verdicts.whole.accepted) return;
      FAIL(to_string(packet) << " passes only without what is left out\n"
                             << verdicts.reduced.text() << describe(cluster) << nft::to_text(reduced));
    });
  });
}

TEST_CASE("with one element omitted, verdicts between other addresses are unchanged") {
  for_each_seed(700, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const nft::Ruleset want = ruleset_from_scratch(objects_of(cluster));
    auto all = candidates(want);
    std::erase_if(all, [](const nft::PlanPart& part) {
      return part.kind != Kind::element || controller::is_set(part.name, controller::SetRole::Kind::cidrs);
    });
    if (all.empty()) return;
    const nft::PlanPart& out = all[below(random, all.size())];
    const auto is_meant = [&](const IpAddress& address) {
      return out.element->first.starts_with(address.key()) &&
             controller::set_role(out.name)->family == address.family();
    };
    const nft::Ruleset reduced = controller::without_parts(want, {out});
    send(random, cluster, want, reduced, 40, [&](const FirstPacket& packet, const Verdicts& verdicts) {
      if (is_meant(packet.source) || is_meant(packet.destination)) return;
      INFO(to_string(packet) << "\n" << out.name << "\n" << verdicts.reduced.text());
      REQUIRE(verdicts.reduced.accepted == verdicts.whole.accepted);
    });
  });
}

TEST_CASE("isolation, fixed sets and chains, and removals have no fallback") {
  for_each_seed(60, [](Random& random) {
    const Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const nft::Ruleset want = ruleset_from_scratch(objects_of(cluster));
    for (auto part : candidates(want)) {
      for (const auto& set : controller::isolated_sets()) CHECK(part.name != set);
      for (const char* fixed :
           {"forward", "deny", "unknown-source", "unknown-destination", "drop-cut", "pod-bridges", "cut"}) {
        CHECK(part.name != fixed);
      }
      part.deletion = true;
      CHECK_FALSE(controller::has_fallback(want, part));
    }
  });
}

TEST_CASE("new isolation alone opens nothing and isolates all that is wanted") {
  for_each_seed(300, [](Random& random) {
    Cluster cluster = random_cluster(random, 4 + below(random, 40));
    const nft::Ruleset have = ruleset_from_scratch(objects_of(cluster));
    for (int i = 0; i < 3; ++i) apply_event(cluster, random_event(random, cluster));
    const nft::Ruleset want = ruleset_from_scratch(objects_of(cluster));
    const nft::Ruleset closing = controller::with_isolation_of(have, want);
    check_takable(closing);
    for (const auto& name : controller::isolated_sets()) {
      for (const auto& [key, data] : want.at(kInetTable).sets.at(name).elements) {
        CHECK(closing.at(kInetTable).sets.at(name).elements.contains(key));
      }
    }
    send(random, cluster, have, closing, 40, [&](const FirstPacket& packet, const Verdicts& verdicts) {
      INFO(to_string(packet));
      CHECK_FALSE((verdicts.reduced.accepted && !verdicts.whole.accepted));
    });
  });
}

}  // namespace
}  // namespace selvage::testing

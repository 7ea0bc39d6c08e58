#include "tests/support/random_ruleset.h"

#include <algorithm>

#include "nft/model/fields.h"
#include "nft/model/statements.h"

namespace selvage::nft {
namespace {

using testing::below;
using testing::chance;
using testing::pick;

/// A set of the vocabulary: its name, its definition, and how a rule of an inet chain looks it up.
struct Kind {
  const char* name;
  SetSpec spec;
  std::vector<Selector> key;
};

std::vector<Kind> inet_kinds() {
  using enum FieldType;
  using S = Selector;
  return {
      {"bridges", {{ifname}}, {S::iifname}},
      {"pods4", {{ipv4_addr}}, {S::ip_saddr}},
      {"pods6", {{ipv6_addr}}, {S::ip6_daddr}},
      {"cidr4", {{ipv4_addr}, true}, {S::ip_daddr}},
      {"cidr6", {{ipv6_addr}, true}, {S::ip6_saddr}},
      {"ports4", {{ipv4_addr, inet_proto, inet_service}}, {S::ip_daddr, S::l4proto, S::th_dport}},
      {"ranges4", {{ipv4_addr, inet_proto, inet_service}, true}, {S::ip_daddr, S::l4proto, S::th_dport}},
      {"ranges6", {{ipv6_addr, inet_proto, inet_service}, true}, {S::ip6_daddr, S::l4proto, S::th_dport}},
      {"self4", {{ipv4_addr, ipv4_addr}}, {S::ip_saddr, S::ip_daddr}},
      {"solicit", {{icmpv6_type}}, {S::icmpv6_type}},
      {"states", {{ct_state}, false, false, {}, 8}, {S::ct_state}},
      {"cuts", {{ct_id}, false, false, std::chrono::hours(1), 65536}, {S::ct_id}},
      {"denied4", {{ipv4_addr}, false, false, {}, 0, true}, {S::ip_daddr}},
      {"counted4",
       {{ipv4_addr, inet_proto, inet_service}, true, false, {}, 0, true},
       {S::ip_daddr, S::l4proto, S::th_dport}},
      {"peer4", {{ipv4_addr}, false, true}, {S::ip_saddr}},
      {"peer6", {{ipv6_addr}, false, true}, {S::ip6_saddr}},
      {"block4", {{ipv4_addr}, true, true}, {S::ip_saddr}},
      {"pairs4", {{ipv4_addr, inet_service}, true, true}, {S::ip_daddr, S::th_dport}},
  };
}

std::vector<Kind> bridge_kinds() {
  return {{"types", {{FieldType::ether_type}}, {Selector::ether_type}},
          {"ports", {{FieldType::ifname}}, {Selector::iifname}}};
}

std::string random_value(Random& random, FieldType type) {
  const auto n = static_cast<char>(below(random, 12));
  switch (type) {
    case FieldType::ipv4_addr:
      return std::string("\x0a\xf4\0", 3) + n;
    case FieldType::ipv6_addr:
      return std::string("\xfd", 1) + std::string(14, '\0') + n;
    case FieldType::inet_proto:
      return std::string(1, pick(random, std::vector<char>{1, 6, 17, 58, '\x84', '\xc8'}));
    case FieldType::inet_service:
      return std::string("\x1f", 1) + n;
    case FieldType::ifname: {
      std::string name = "cni" + std::to_string(n);
      name.resize(field_size(type), '\0');
      return name;
    }
    case FieldType::ether_type:
      return pick(random, std::vector<std::string>{{"\x08\0", 2}, "\x08\x06", "\x86\xdd", {"\x81\0", 2}, "\x88\xcc"});
    case FieldType::icmpv6_type:
      return std::string(1, static_cast<char>(128 + n));
    case FieldType::ct_state:
      return host_order(pick(random, std::vector<std::uint32_t>{1, 2, 4, 8, 64}));
    case FieldType::ct_id:
      return std::string(3, '\0') + n;
  }
  return {};
}

void append(std::string& key, const SetSpec& spec, std::string value) {
  if (spec.key.size() > 1) value.resize(padded(value.size()), '\0');
  key += value;
}

/// Ranges only in the last field, which distinguishes those with the same beginning.
ElementKey random_key(Random& random, const SetSpec& spec) {
  ElementKey key;
  for (std::size_t i = 0; i < spec.key.size(); ++i) {
    std::string a = random_value(random, spec.key[i]);
    std::string b = i + 1 == spec.key.size() ? random_value(random, spec.key[i]) : a;
    if (b < a) std::swap(a, b);
    append(key.first, spec, a);
    if (spec.interval) append(key.last, spec, b);
  }
  return key;
}

/// Only the last field is a range; the fields before it are compared for equality.
bool overlaps_any(const Set& set, const ElementKey& key) {
  const std::size_t last =
      key_size(set.spec.key) -
      (set.spec.key.size() == 1 ? field_size(set.spec.key.back()) : padded(field_size(set.spec.key.back())));
  return std::ranges::any_of(set.elements, [&](const auto& element) {
    const ElementKey& other = element.first;
    return other.first.substr(0, last) == key.first.substr(0, last) && other.first <= key.last &&
           key.first <= other.last;
  });
}

Verdict random_verdict(Random& random, const std::vector<std::string>& chains) {
  using enum Verdict::Code;
  const Verdict::Code code = pick(random, std::vector{accept, drop, return_, jump, go_to});
  if (code != jump && code != go_to) return {code, {}};
  return chains.empty() ? Verdict{drop, {}} : Verdict{code, pick(random, chains)};
}

Set random_set(Random& random, const Kind& kind, const std::vector<std::string>& targets) {
  Set set{kind.spec, {}};
  if (chance(random, 5)) set.spec.size = 1000;
  if (chance(random, 30)) set.spec.comment = "about " + std::string(kind.name);
  if (set.spec.timeout) return set;
  for (std::size_t i = below(random, 7); i > 0; --i) {
    const ElementKey key = random_key(random, set.spec);
    if (set.spec.interval && overlaps_any(set, key)) continue;
    ElementData data;
    if (set.spec.verdict_map) data.verdict = share(random_verdict(random, targets));
    if (chance(random, 30)) data.comment = "ns/pod-" + std::to_string(below(random, 5));
    set.elements.emplace(key, data);
  }
  return set;
}

/// What a rule of a chain may refer to.
struct Scope {
  TableFamily family;
  bool maps;                         ///< may look up verdict maps
  std::vector<std::string> targets;  ///< chains that it may name
};

/// '4' or '6' for a load of such a header, 't' for one of ICMPv6; a rule's text has only one of these kinds. Other
/// loads combine with all.
char header_of(const Kind& kind) {
  const char last = std::string_view(kind.name).back();
  return last == 's' ? '\0' : last;
}

/// A rule that looks up at most two sets of the table.
Rule random_rule(Random& random, const Table& table, const std::vector<Kind>& kinds, const Scope& scope) {
  RuleBuilder rule;
  char header = '\0';
  for (std::size_t i = below(random, 3); i > 0; --i) {
    const Kind& kind = pick(random, kinds);
    if (!table.sets.contains(kind.name) || (header != '\0' && header_of(kind) != '\0' && header_of(kind) != header)) {
      continue;
    }
    if (kind.spec.verdict_map && scope.maps) return rule.vmap(kind.key, kind.name).build();
    if (kind.spec.verdict_map) continue;
    if (header_of(kind) != '\0') header = header_of(kind);
    chance(random, 80) ? rule.in(kind.key, kind.name) : rule.not_in(kind.key, kind.name);
  }
  // In a bridge table these need a kernel module that few machines have (nf_conntrack_bridge).
  const bool ct = scope.family == TableFamily::inet;
  if (ct && chance(random, 20)) rule.ct_direction_reply();
  if (ct && chance(random, 20)) rule.ct_state(2 + 4 * below(random, 2));
  if (chance(random, 10)) rule.limit(1 + below(random, 1000), static_cast<std::uint32_t>(6 + below(random, 100)));
  if (chance(random, 10)) rule.log({static_cast<std::uint16_t>(below(random, 100)), 128, 0, "because"});
  if (chance(random, 30)) rule.counter();
  Rule made = rule.build();
  made.expressions.emplace_back(random_verdict(random, scope.targets));
  if (chance(random, 20)) made.comment = "why";
  return made;
}

std::vector<std::string> random_names(Random& random, const std::string& prefix) {
  std::vector<std::string> names;
  for (int i = 0; i < 4; ++i) {
    if (chance(random, 60)) names.push_back(prefix + std::to_string(i));
  }
  return names;
}

}  // namespace

/// Three layers of chains, so that jumps are finite: base chains name all others and look up maps, maps name classes
/// and leaves, classes name leaves.
Table random_table(Random& random, TableFamily family) {
  Table table;
  const std::vector<Kind> kinds = family == TableFamily::inet ? inet_kinds() : bridge_kinds();
  const std::vector<std::string> leaves = random_names(random, "leaf");
  const std::vector<std::string> classes = random_names(random, "class");
  std::vector<std::string> all = leaves;
  all.insert(all.end(), classes.begin(), classes.end());
  for (const Kind& kind : kinds) {
    if (chance(random, 60)) table.sets.emplace(kind.name, random_set(random, kind, all));
  }
  const auto fill = [&](const std::string& name, std::optional<BaseChain> base, const auto& targets) {
    Chain& chain = table.chains[name];
    chain.base = base;
    if (chance(random, 20)) chain.comment = "the chain " + name;
    for (std::size_t i = below(random, 4); i > 0; --i) {
      chain.rules.push_back(random_rule(random, table, kinds, {family, base.has_value(), targets}));
    }
  };
  for (const std::string& name : leaves) fill(name, std::nullopt, std::vector<std::string>{});
  for (const std::string& name : classes) fill(name, std::nullopt, leaves);
  const std::int32_t filter = family == TableFamily::inet ? 0 : -200;
  if (chance(random, 90)) fill("forward", BaseChain{chance(random, 5) ? filter + 5 : filter}, all);
  return table;
}

Ruleset random_ruleset(Random& random) {
  Ruleset ruleset;
  const std::vector<TableKey> keys{
      {TableFamily::inet, "selvage"}, {TableFamily::inet, "other"}, {TableFamily::bridge, "selvage"}};
  for (const TableKey& key : keys) {
    if (!chance(random, 70)) continue;
    Table table = random_table(random, key.family);
    if (chance(random, 30)) table.comment = "made at random";
    ruleset.emplace(key, std::move(table));
  }
  return ruleset;
}

}  // namespace selvage::nft

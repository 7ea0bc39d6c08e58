#include "nft/text/text.h"

#include "nft/model/fields.h"
#include "nft/text/text_parts.h"
#include "nft/text/text_values.h"

namespace selvage::nft {
namespace {

struct TypeName {
  const char* type;
  const char* expression;  ///< for typeof
};

TypeName name_of(FieldType type) {
  switch (type) {
    case FieldType::ipv4_addr:
      return {"ipv4_addr", "ip saddr"};
    case FieldType::ipv6_addr:
      return {"ipv6_addr", "ip6 saddr"};
    case FieldType::inet_proto:
      return {"inet_proto", "meta l4proto"};
    case FieldType::inet_service:
      return {"inet_service", "th dport"};
    case FieldType::ifname:
      return {"ifname", "iifname"};
    case FieldType::ether_type:
      return {"ether_type", "ether type"};
    case FieldType::icmpv6_type:
      return {"icmpv6_type", "icmpv6 type"};
    case FieldType::ct_state:
      return {"ct_state", "ct state"};
    case FieldType::ct_id:
      return {nullptr, "ct id"};
  }
  return {"ipv4_addr", "ip saddr"};
}

/// "type ipv4_addr . inet_proto : verdict". One field that has no type name makes all of it "typeof".
std::string type_text(const SetSpec& spec) {
  bool named = true;
  for (const FieldType type : spec.key) named = named && name_of(type).type != nullptr;
  std::string text = named ? "type " : "typeof ";
  for (std::size_t i = 0; i < spec.key.size(); ++i) {
    const TypeName name = name_of(spec.key[i]);
    text += (i == 0 ? "" : " . ") + std::string(named ? name.type : name.expression);
  }
  return text + (spec.verdict_map ? " : verdict" : "");
}

/// "1h30m", as nft(8) prints and reads it.
std::string duration_text(std::chrono::milliseconds duration) {
  using namespace std::chrono;
  std::string text;
  const auto part = [&](auto unit, const char* name) {
    const auto count = duration_cast<decltype(unit)>(duration);
    if (count.count() > 0) text += std::to_string(count.count()) + name;
    duration -= count;
  };
  part(days(1), "d");
  part(hours(1), "h");
  part(minutes(1), "m");
  part(seconds(1), "s");
  part(milliseconds(1), "ms");
  return text.empty() ? "0s" : text;
}

/// nft(8) prints "flags timeout" only beside other flags.
std::string flags_text(const SetSpec& spec) {
  if (!spec.interval) return {};
  return spec.timeout ? "flags interval,timeout" : "flags interval";
}

std::string element_key_text(const SetSpec& spec, const ElementKey& key) {
  const auto first = split_key(spec.key, key.first);
  const auto last = split_key(spec.key, key.last.empty() ? key.first : key.last);
  std::string text;
  for (std::size_t i = 0; i < spec.key.size(); ++i) {
    text += (i == 0 ? "" : " . ") + range_text(spec.key[i], first[i], last[i]);
  }
  return text;
}

std::string set_text(const std::string& name, const Set& set) {
  std::string text = std::string("\t") + (set.spec.verdict_map ? "map " : "set ") + name + " {\n";
  for (const std::string& line : spec_lines(set.spec)) text += "\t\t" + line + "\n";
  if (!set.elements.empty()) {
    std::string separator = "\t\telements = { ";
    for (const auto& [key, data] : set.elements) {
      text += separator + to_text(set.spec, key, data);
      separator = ",\n\t\t\t     ";
    }
    text += " }\n";
  }
  return text + "\t}\n";
}

std::string chain_text(TableFamily family, const std::string& name, const Chain& chain) {
  std::string text = "\tchain " + name + " {\n";
  if (!chain.comment.empty()) text += "\t\tcomment " + in_quotes(chain.comment) + "\n";
  if (chain.base) text += "\t\t" + base_text(family, *chain.base) + "\n";
  for (const Rule& rule : chain.rules) text += "\t\t" + to_text(rule) + "\n";
  return text + "\t}\n";
}

const char* flags_text(Ownership ownership) {
  if (ownership == Ownership::open) return "";
  return ownership == Ownership::orphaned ? "\tflags persist\n" : "\tflags owner,persist\n";
}

std::string table_text(const TableKey& key, const Table& table) {
  std::string text = "table " + name_text(key) + " {\n" + flags_text(table.ownership);
  std::string gap;
  if (!table.comment.empty()) text += "\tcomment " + in_quotes(table.comment) + "\n";
  for (const auto& [name, set] : table.sets) {
    text += gap + set_text(name, set);
    gap = "\n";
  }
  for (const auto& [name, chain] : table.chains) {
    text += gap + chain_text(key.family, name, chain);
    gap = "\n";
  }
  return text + "}\n";
}

}  // namespace

std::string name_text(const TableKey& key) { return std::string(to_string(key.family)) + " " + key.name; }

std::vector<std::string> spec_lines(const SetSpec& spec) {
  std::vector<std::string> lines{type_text(spec)};
  if (spec.size != 0) lines.push_back("size " + std::to_string(spec.size));
  if (const std::string flags = flags_text(spec); !flags.empty()) lines.push_back(flags);
  if (spec.counters) lines.emplace_back("counter");
  if (spec.timeout) lines.push_back("timeout " + duration_text(*spec.timeout));
  if (!spec.comment.empty()) lines.push_back("comment " + in_quotes(spec.comment));
  return lines;
}

std::string base_text(TableFamily family, const BaseChain& base) {
  // NF_IP_PRI_FILTER and NF_BR_PRI_FILTER_BRIDGED; nft(8) counts from a name within 10 of it.
  const std::int32_t distance = base.priority - (family == TableFamily::inet ? 0 : -200);
  std::string priority = std::to_string(base.priority);
  if (distance == 0) priority = "filter";
  if (distance > 0 && distance <= 10) priority = "filter + " + std::to_string(distance);
  if (distance < 0 && distance >= -10) priority = "filter - " + std::to_string(-distance);
  return "type filter hook forward priority " + priority + "; policy accept;";
}

std::string to_text(const Ruleset& ruleset) {
  std::string text;
  for (const auto& [key, table] : ruleset) text += table_text(key, table);
  return text;
}

std::string to_text(const SetSpec& spec, const ElementKey& key, const ElementData& data) {
  std::string text = element_key_text(spec, key);
  if (spec.counters) text += " counter packets 0 bytes 0";
  if (!data.comment.empty()) text += " comment " + in_quotes(data.comment);
  if (data.verdict) text += " : " + verdict_text(*data.verdict);
  return text;
}

}  // namespace selvage::nft

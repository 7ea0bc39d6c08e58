#include "nft/wire/decode.h"

#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cerrno>

#include "nft/model/fields.h"
#include "nft/model/kernel_names.h"
#include "nft/model/set_types.h"
#include "nft/wire/userdata.h"

namespace selvage::nft {
namespace {

auto malformed(const char* what) { return fail_errno(std::string("a netlink message about ") + what, EPROTO); }

/// The attributes after nfgenmsg; none when the payload is too short.
netlink::Attributes attributes(netlink::Bytes payload) {
  return netlink::Attributes(payload.subspan(std::min(payload.size(), sizeof(nfgenmsg))));
}

/// The comment in userdata, in the entry `type`.
std::string comment_in(const netlink::Attributes& from, std::uint16_t attribute, std::uint8_t type) {
  return comment_of(from.find(attribute), type);
}

bool is_our_hook(const netlink::Attributes& chain, const netlink::Attributes& hook) {
  return netlink::read_be32(hook.find(NFTA_HOOK_HOOKNUM)) == std::uint32_t{NF_INET_FORWARD} &&
         netlink::read_be32(chain.find(NFTA_CHAIN_POLICY)) == std::uint32_t{NF_ACCEPT} &&
         netlink::read_string(chain.find(NFTA_CHAIN_TYPE)) == "filter";
}

BaseChain decode_base(const netlink::Attributes& chain) {
  const netlink::Attributes hook(chain.find(NFTA_CHAIN_HOOK));
  const auto priority = netlink::read_be32(hook.find(NFTA_HOOK_PRIORITY));
  if (!priority || !is_our_hook(chain, hook)) return {kForeignPriority};
  return {static_cast<std::int32_t>(*priority)};
}

/// The flags that a SetSpec with this key can express.
std::uint32_t known_flags(const SetSpec& spec) {
  std::uint32_t flags = NFT_SET_INTERVAL | NFT_SET_MAP | NFT_SET_TIMEOUT;
  if (spec.interval && spec.key.size() > 1) flags |= NFT_SET_CONCAT;
  if (spec.counters) flags |= NFT_SET_EXPR;
  return flags;
}

/// The elements' expressions: none, or one counter.
bool is_counter_or_none(const netlink::Attributes& set) {
  if (set.has(NFTA_SET_EXPRESSIONS)) return false;
  return !set.has(NFTA_SET_EXPR) || decode_count(set.find(NFTA_SET_EXPR)).has_value();
}

/// Whether this program could have created a set with these flags and attributes.
bool is_ours(const SetSpec& spec, std::uint32_t flags, const netlink::Attributes& set) {
  if ((flags & ~known_flags(spec)) != 0 || !is_counter_or_none(set)) return false;
  if (netlink::read_be32(set.find(NFTA_SET_KEY_LEN)) != static_cast<std::uint32_t>(key_size(spec.key))) return false;
  const auto data_type = netlink::read_be32(set.find(NFTA_SET_DATA_TYPE));
  return spec.verdict_map ? data_type == std::uint32_t{NFT_DATA_VERDICT} : !data_type;
}

SetSpec decode_spec(const netlink::Attributes& set) {
  SetSpec spec;
  const std::uint32_t flags = netlink::read_be32(set.find(NFTA_SET_FLAGS)).value_or(0);
  spec.interval = (flags & NFT_SET_INTERVAL) != 0;
  spec.verdict_map = (flags & NFT_SET_MAP) != 0;
  if ((flags & NFT_SET_TIMEOUT) != 0) {
    spec.timeout = std::chrono::milliseconds(netlink::read_be64(set.find(NFTA_SET_TIMEOUT)).value_or(0));
  }
  spec.size = netlink::read_be32(netlink::Attributes(set.find(NFTA_SET_DESC)).find(NFTA_SET_DESC_SIZE)).value_or(0);
  spec.counters = set.has(NFTA_SET_EXPR);
  spec.comment = comment_in(set, NFTA_SET_USERDATA, NFTNL_UDATA_SET_COMMENT);
  spec.key = fields_of(netlink::read_be32(set.find(NFTA_SET_KEY_TYPE)).value_or(0)).value_or(std::vector<FieldType>{});
  if (!is_ours(spec, flags, set)) spec.key.clear();
  return spec;
}

}  // namespace

Result<DecodedTable> decode_table(netlink::Bytes payload) {
  const netlink::Attributes table = attributes(payload);
  const auto family = payload.empty() ? std::nullopt : value_of(kFamilies, payload[0]);
  DecodedTable decoded;
  decoded.key.name = netlink::read_string(table.find(NFTA_TABLE_NAME));
  if (!family || decoded.key.name.empty()) return malformed("a table");
  decoded.key.family = *family;
  const std::uint32_t flags = netlink::read_be32(table.find(NFTA_TABLE_FLAGS)).value_or(0);
  decoded.dormant = (flags & NFT_TABLE_F_DORMANT) != 0;
  decoded.persistent = (flags & kTablePersist) != 0;
  // Port 0 is the kernel's own: no owner.
  if ((flags & NFT_TABLE_F_OWNER) != 0) decoded.owner = netlink::read_be32(table.find(NFTA_TABLE_OWNER)).value_or(0);
  decoded.comment = comment_in(table, NFTA_TABLE_USERDATA, NFTNL_UDATA_TABLE_COMMENT);
  return decoded;
}

Ownership ownership_of(const DecodedTable& table, std::uint32_t own_port) {
  if (table.owner) return *table.owner == own_port ? Ownership::owned : Ownership::taken;
  return table.persistent ? Ownership::orphaned : Ownership::open;
}

Result<DecodedChain> decode_chain(netlink::Bytes payload) {
  const netlink::Attributes chain = attributes(payload);
  DecodedChain decoded{
      netlink::read_string(chain.find(NFTA_CHAIN_TABLE)), netlink::read_string(chain.find(NFTA_CHAIN_NAME)), {}};
  if (decoded.table.empty() || decoded.name.empty()) return malformed("a chain");
  if (chain.has(NFTA_CHAIN_HOOK)) decoded.chain.base = decode_base(chain);
  decoded.chain.comment = comment_in(chain, NFTA_CHAIN_USERDATA, NFTNL_UDATA_CHAIN_COMMENT);
  return decoded;
}

Result<DecodedSet> decode_set(netlink::Bytes payload) {
  const netlink::Attributes set = attributes(payload);
  DecodedSet decoded{
      netlink::read_string(set.find(NFTA_SET_TABLE)), netlink::read_string(set.find(NFTA_SET_NAME)), false, {}};
  if (decoded.table.empty() || decoded.name.empty()) return malformed("a set");
  decoded.anonymous = (netlink::read_be32(set.find(NFTA_SET_FLAGS)).value_or(0) & NFT_SET_ANONYMOUS) != 0;
  decoded.spec = decode_spec(set);
  return decoded;
}

Result<DecodedRule> decode_rule(netlink::Bytes payload) {
  const netlink::Attributes rule = attributes(payload);
  DecodedRule decoded{
      netlink::read_string(rule.find(NFTA_RULE_TABLE)), netlink::read_string(rule.find(NFTA_RULE_CHAIN)), {}};
  if (decoded.table.empty() || decoded.chain.empty()) return malformed("a rule");
  for (const netlink::Attribute& expression : netlink::Attributes(rule.find(NFTA_RULE_EXPRESSIONS))) {
    decoded.rule.expressions.push_back(decode_expression(expression.value));
  }
  decoded.rule.comment = comment_in(rule, NFTA_RULE_USERDATA, NFTNL_UDATA_RULE_COMMENT);
  return decoded;
}

Result<std::uint32_t> decode_generation(netlink::Bytes payload) {
  const auto generation = netlink::read_be32(attributes(payload).find(NFTA_GEN_ID));
  if (!generation) return malformed("the generation");
  return *generation;
}

}  // namespace selvage::nft

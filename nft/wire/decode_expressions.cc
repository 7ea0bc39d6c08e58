#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "nft/model/kernel_names.h"
#include "nft/model/limit_units.h"
#include "nft/wire/decode.h"
#include "nft/wire/registers.h"

namespace selvage::nft {
namespace {

/// Each function decodes one kind of expression; nothing when its attributes have a meaning that our value cannot
/// express.
using Decoded = std::optional<Expression>;

std::optional<Register> read_register(const netlink::Attributes& data, std::uint16_t type) {
  const auto number = netlink::read_be32(data.find(type));
  return number ? register_index(*number) : std::nullopt;
}

/// The kernel's number in an attribute, as our value.
template <class Table>
auto read_value(const Table& table, const netlink::Attributes& data, std::uint16_t type) {
  const auto number = netlink::read_be32(data.find(type));
  return number ? value_of(table, *number) : std::nullopt;
}

/// NFTA_DATA_VALUE in an attribute that holds data.
std::string read_value_bytes(const netlink::Attributes& data, std::uint16_t type) {
  return netlink::read_bytes(netlink::Attributes(data.find(type)).find(NFTA_DATA_VALUE));
}

Decoded decode_meta(const netlink::Attributes& data) {
  const auto key = read_value(kMetaKeys, data, NFTA_META_KEY);
  const auto dreg = read_register(data, NFTA_META_DREG);
  if (!key || !dreg) return std::nullopt;
  return Meta{*key, *dreg};
}

Decoded decode_payload(const netlink::Attributes& data) {
  const auto base = read_value(kPayloadBases, data, NFTA_PAYLOAD_BASE);
  const auto offset = netlink::read_be32(data.find(NFTA_PAYLOAD_OFFSET));
  const auto length = netlink::read_be32(data.find(NFTA_PAYLOAD_LEN));
  const auto dreg = read_register(data, NFTA_PAYLOAD_DREG);
  if (!base || !offset || !length || !dreg || *offset > UINT16_MAX || *length > UINT16_MAX) return std::nullopt;
  return Payload{*base, static_cast<std::uint16_t>(*offset), static_cast<std::uint16_t>(*length), *dreg};
}

Decoded decode_ct(const netlink::Attributes& data) {
  const auto key = read_value(kCtKeys, data, NFTA_CT_KEY);
  const auto dreg = read_register(data, NFTA_CT_DREG);
  if (!key || !dreg || data.has(NFTA_CT_DIRECTION)) return std::nullopt;
  return Ct{*key, *dreg};
}

Decoded decode_cmp(const netlink::Attributes& data) {
  const auto op = read_value(kCmpOps, data, NFTA_CMP_OP);
  const auto sreg = read_register(data, NFTA_CMP_SREG);
  if (!op || !sreg) return std::nullopt;
  return Cmp{*op, *sreg, read_value_bytes(data, NFTA_CMP_DATA)};
}

Decoded decode_bitwise(const netlink::Attributes& data) {
  const auto sreg = read_register(data, NFTA_BITWISE_SREG);
  const auto dreg = read_register(data, NFTA_BITWISE_DREG);
  const std::string mask = read_value_bytes(data, NFTA_BITWISE_MASK);
  const bool is_and = netlink::read_be32(data.find(NFTA_BITWISE_OP)).value_or(NFT_BITWISE_BOOL) == NFT_BITWISE_BOOL &&
                      read_value_bytes(data, NFTA_BITWISE_XOR) == std::string(mask.size(), '\0');
  if (!sreg || !dreg || !is_and) return std::nullopt;
  return Bitwise{*sreg, *dreg, mask};
}

Decoded decode_lookup(const netlink::Attributes& data) {
  const auto sreg = read_register(data, NFTA_LOOKUP_SREG);
  const std::uint32_t flags = netlink::read_be32(data.find(NFTA_LOOKUP_FLAGS)).value_or(0);
  const bool has_target = data.has(NFTA_LOOKUP_DREG);
  const bool to_verdict = netlink::read_be32(data.find(NFTA_LOOKUP_DREG)) == std::uint32_t{NFT_REG_VERDICT};
  if (!sreg || has_target != to_verdict || (flags & ~std::uint32_t{NFT_LOOKUP_F_INV}) != 0) return std::nullopt;
  return Lookup{netlink::read_string(data.find(NFTA_LOOKUP_SET)), *sreg, to_verdict, flags != 0};
}

Decoded decode_counter(const netlink::Attributes&) { return Counter{}; }

Decoded decode_limit(const netlink::Attributes& data) {
  const auto rate = netlink::read_be64(data.find(NFTA_LIMIT_RATE));
  const auto seconds = netlink::read_be64(data.find(NFTA_LIMIT_UNIT));
  const auto unit = seconds ? value_of(kLimitUnits, *seconds) : std::nullopt;
  const auto burst = netlink::read_be32(data.find(NFTA_LIMIT_BURST));
  const bool is_ours = netlink::read_be32(data.find(NFTA_LIMIT_TYPE)).value_or(NFT_LIMIT_PKTS) == NFT_LIMIT_PKTS &&
                       netlink::read_be32(data.find(NFTA_LIMIT_FLAGS)).value_or(0) == 0;
  if (!rate || !unit || !burst || !is_ours) return std::nullopt;
  return Limit{*rate, *unit, *burst};
}

Decoded decode_log(const netlink::Attributes& data) {
  const auto group = netlink::read_be16(data.find(NFTA_LOG_GROUP));
  if (!group || data.has(NFTA_LOG_LEVEL) || data.has(NFTA_LOG_FLAGS)) return std::nullopt;
  return Log{*group, netlink::read_be32(data.find(NFTA_LOG_SNAPLEN)).value_or(0),
             netlink::read_be16(data.find(NFTA_LOG_QTHRESHOLD)).value_or(0),
             netlink::read_string(data.find(NFTA_LOG_PREFIX))};
}

Decoded decode_immediate(const netlink::Attributes& data) {
  if (netlink::read_be32(data.find(NFTA_IMMEDIATE_DREG)) != std::uint32_t{NFT_REG_VERDICT}) return std::nullopt;
  const auto verdict = decode_verdict(data.find(NFTA_IMMEDIATE_DATA));
  if (!verdict) return std::nullopt;
  return *verdict;
}

struct Decoder {
  std::string_view name;
  Decoded (*decode)(const netlink::Attributes& data);
};
constexpr std::array<Decoder, 10> kDecoders = {{
    {"meta", decode_meta},
    {"payload", decode_payload},
    {"ct", decode_ct},
    {"cmp", decode_cmp},
    {"bitwise", decode_bitwise},
    {"lookup", decode_lookup},
    {"counter", decode_counter},
    {"limit", decode_limit},
    {"log", decode_log},
    {"immediate", decode_immediate},
}};

}  // namespace

Expression decode_expression(netlink::Bytes attributes) {
  const netlink::Attributes expression(attributes);
  std::string name = netlink::read_string(expression.find(NFTA_EXPR_NAME));
  for (const Decoder& decoder : kDecoders) {
    if (decoder.name != name) continue;
    if (auto decoded = decoder.decode(netlink::Attributes(expression.find(NFTA_EXPR_DATA)))) return *std::move(decoded);
  }
  return Foreign{std::move(name)};
}

std::optional<CounterValue> decode_count(netlink::Bytes expression) {
  const netlink::Attributes attributes(expression);
  if (netlink::read_string(attributes.find(NFTA_EXPR_NAME)) != "counter") return std::nullopt;
  const netlink::Attributes data(attributes.find(NFTA_EXPR_DATA));
  return CounterValue{netlink::read_be64(data.find(NFTA_COUNTER_PACKETS)).value_or(0),
                      netlink::read_be64(data.find(NFTA_COUNTER_BYTES)).value_or(0)};
}

CounterValue decode_rule_count(netlink::Bytes payload) {
  const netlink::Attributes rule(payload.subspan(std::min(payload.size(), sizeof(nfgenmsg))));
  CounterValue sum;
  for (const netlink::Attribute& expression : netlink::Attributes(rule.find(NFTA_RULE_EXPRESSIONS))) {
    sum += decode_count(expression.value).value_or(CounterValue{});
  }
  return sum;
}

std::optional<Verdict> decode_verdict(netlink::Bytes data) {
  const netlink::Attributes verdict(netlink::Attributes(data).find(NFTA_DATA_VERDICT));
  const auto number = netlink::read_be32(verdict.find(NFTA_VERDICT_CODE));
  const auto code = number ? value_of(kVerdicts, static_cast<std::int32_t>(*number)) : std::nullopt;
  if (!code) return std::nullopt;
  return Verdict{*code, netlink::read_string(verdict.find(NFTA_VERDICT_CHAIN))};
}

}  // namespace selvage::nft

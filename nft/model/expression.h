#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// The expressions of an nftables rule, one to one with the kernel's (linux/netfilter/nf_tables.h),
/// as values. A rule is a list of them; RuleBuilder (nft/model/statements.h) makes the lists, nft/wire encodes and
/// decodes them, nft/text prints them as nft(8) would.
namespace selvage::nft {

/// Index of a 32-bit data register, 0 to 15 (NFT_REG32_00 + index). A multiple of four is the start
/// of one of the 128-bit registers NFT_REG_1..4.
using Register = std::uint8_t;

/// enum nft_meta_keys.
enum class MetaKey : std::uint8_t {
  nfproto,      ///< 1 byte, NFPROTO_IPV4 (2) or NFPROTO_IPV6 (10)
  l4proto,      ///< 1 byte
  iifname,      ///< 16 bytes, NUL padded
  oifname,      ///< 16 bytes
  bri_iifname,  ///< 16 bytes: the bridge that the incoming port belongs to (CONFIG_NFT_BRIDGE_META)
  iifkind,      ///< 16 bytes: rtnetlink kind of the incoming device ("veth")
};
struct Meta {
  MetaKey key = MetaKey::nfproto;
  Register dreg = 0;
  friend auto operator<=>(const Meta&, const Meta&) = default;
};

/// enum nft_payload_bases.
enum class PayloadBase : std::uint8_t { link, network, transport };
/// Loads `length` bytes at `offset` of a header. If the packet is too short, the rule does not match.
struct Payload {
  PayloadBase base = PayloadBase::network;
  std::uint16_t offset = 0;
  std::uint16_t length = 0;
  Register dreg = 0;
  friend auto operator<=>(const Payload&, const Payload&) = default;
};

/// enum nft_ct_keys. state: 4 bytes host order, bits of NF_CT_STATE_BIT (invalid 1, established 2,
/// related 4, new 8). status: likewise, bits of enum ip_conntrack_status (dnat 32). direction: 1 byte, 0 original, 1
/// reply; a rule with it does not match a packet without an entry (nor with id). id: 4 bytes, the bytes of ctnetlink's
/// CTA_ID.
enum class CtKey : std::uint8_t { state, direction, id, status };
struct Ct {
  CtKey key = CtKey::state;
  Register dreg = 0;
  friend auto operator<=>(const Ct&, const Ct&) = default;
};

enum class CmpOp : std::uint8_t { eq, neq };
/// Compares `data.size()` bytes from `sreg`; the rule continues when the comparison is true.
struct Cmp {
  CmpOp op = CmpOp::eq;
  Register sreg = 0;
  std::string data;
  friend auto operator<=>(const Cmp&, const Cmp&) = default;
};

/// dreg = sreg & mask (mask.size() bytes, xor is always zero here).
struct Bitwise {
  Register sreg = 0;
  Register dreg = 0;
  std::string mask;
  friend auto operator<=>(const Bitwise&, const Bitwise&) = default;
};

/// Looks up the key that starts at `sreg` in a set of this table; without the key the rule does not match.
/// `to_verdict`: the set is a verdict map, whose element's verdict ends the rule. `inverted` (sets only): the rule
/// continues when the key is missing.
struct Lookup {
  std::string set;
  Register sreg = 0;
  bool to_verdict = false;
  bool inverted = false;
  friend auto operator<=>(const Lookup&, const Lookup&) = default;
};

/// Counts packets and bytes. The counts are not part of the value.
struct Counter {
  friend auto operator<=>(const Counter&, const Counter&) = default;
};

/// The units that nft(8) has names for.
enum class LimitUnit : std::uint8_t { second, minute, hour, day, week };
/// The rule's own token bucket of packets: the rule continues while there is a token. `burst` (at least 1) is its
/// capacity; its level is not part of the value.
struct Limit {
  std::uint64_t rate = 1;  ///< packets for each unit of time, at least 1
  LimitUnit unit = LimitUnit::second;
  std::uint32_t burst = 5;
  friend auto operator<=>(const Limit&, const Limit&) = default;
};

/// Copies the packet's first `snaplen` bytes, from its network header on, to the program that has bound the NFLOG group
/// (host/packet_log.h); the rule continues. Costs almost nothing while no program has.
struct Log {
  std::uint16_t group = 0;
  std::uint32_t snaplen = 0;          ///< 0: as the group's reader requests
  std::uint16_t queue_threshold = 0;  ///< packets that share a message at most; 0: as the group's reader requests
  std::string prefix;  ///< sent with each packet: at most 127 bytes, without quotes (nft(8) cannot read them)
  friend auto operator<=>(const Log&, const Log&) = default;
};

/// Ends a rule. `chain` is set for jump and go_to only (enum nft_verdicts, NF_ACCEPT, NF_DROP).
struct Verdict {
  enum class Code : std::uint8_t { accept, drop, return_, jump, go_to };
  Code code = Code::drop;
  std::string chain;
  friend auto operator<=>(const Verdict&, const Verdict&) = default;
};

/// An expression read back that this program never writes. Never equal to a desired rule's expression, so a rule that
/// has one is replaced.
struct Foreign {
  std::string name;  ///< the kernel's name of the expression, e.g. "masq"
  friend auto operator<=>(const Foreign&, const Foreign&) = default;
};

using Expression = std::variant<Meta, Payload, Ct, Cmp, Bitwise, Lookup, Counter, Limit, Log, Verdict, Foreign>;
using Expressions = std::vector<Expression>;

}  // namespace selvage::nft

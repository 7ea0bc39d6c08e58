#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// The expressions of an nftables rule, one to one with the kernel's (linux/netfilter/nf_tables.h),
/// as values. A rule is a list of them; builders in nft/statements.h make the lists, encode.cc and
/// decode.cc carry them to and from netlink, text.cc prints them as nft(8) would.
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
/// Loads `length` bytes at `offset` of a header; a packet too short ends the rule without a match.
struct Payload {
  PayloadBase base = PayloadBase::network;
  std::uint16_t offset = 0;
  std::uint16_t length = 0;
  Register dreg = 0;
  friend auto operator<=>(const Payload&, const Payload&) = default;
};

/// enum nft_ct_keys. state: 4 bytes host order, bits of NF_CT_STATE_BIT (invalid 1, established 2,
/// related 4, new 8). status: likewise, bits of enum ip_conntrack_status (dnat 32). direction: 1 byte, 0 original, 1
/// reply; a packet without an entry ends the rule without a match (so does id). id: 4 bytes, the bytes of ctnetlink's
/// CTA_ID.
enum class CtKey : std::uint8_t { state, direction, id, status };
struct Ct {
  CtKey key = CtKey::state;
  Register dreg = 0;
  friend auto operator<=>(const Ct&, const Ct&) = default;
};

enum class CmpOp : std::uint8_t { eq, neq };
/// Compares `data.size()` bytes from `sreg`; goes on when it holds.
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

/// Looks the key starting at `sreg` up in a set of this table. `to_verdict`: the set is a verdict
/// map and a hit ends the rule with the element's verdict; a miss ends the rule without a match.
/// `inverted` (sets only): goes on when the key is missing.
struct Lookup {
  std::string set;
  Register sreg = 0;
  bool to_verdict = false;
  bool inverted = false;
  friend auto operator<=>(const Lookup&, const Lookup&) = default;
};

/// Counts packets and bytes. What it has counted is no part of the value.
struct Counter {
  friend auto operator<=>(const Counter&, const Counter&) = default;
};

/// Units that nft(8) has a name for.
enum class LimitUnit : std::uint8_t { second, minute, hour, day, week };
/// A token bucket of packets, the rule's own: goes on while it has a token. `burst` (at least 1) is how many it holds;
/// what is left in it is no part of the value.
struct Limit {
  std::uint64_t rate = 1;  ///< packets for each unit of time, at least 1
  LimitUnit unit = LimitUnit::second;
  std::uint32_t burst = 5;
  friend auto operator<=>(const Limit&, const Limit&) = default;
};

/// Copies the packet's first `snaplen` bytes, from its network header on, to whoever has bound the NFLOG group
/// (nft/packet_log.h), and goes on. Costs next to nothing while nobody has.
struct Log {
  std::uint16_t group = 0;
  std::uint32_t snaplen = 0;          ///< 0: what the group's reader asks for
  std::uint16_t queue_threshold = 0;  ///< packets that may wait for each other; 0: what the group's reader asks for
  std::string prefix;                 ///< at most 127 bytes, comes with each packet; without quotes, for nft(8)'s sake
  friend auto operator<=>(const Log&, const Log&) = default;
};

/// What ends a rule. `chain` is set for jump and go_to only (enum nft_verdicts, NF_ACCEPT, NF_DROP).
struct Verdict {
  enum class Code : std::uint8_t { accept, drop, return_, jump, go_to };
  Code code = Code::drop;
  std::string chain;
  friend auto operator<=>(const Verdict&, const Verdict&) = default;
};

/// Something read back that this program never emits. Never equal to a wanted rule's expression, so
/// a rule holding one is replaced.
struct Foreign {
  std::string name;  ///< the kernel's name of the expression, e.g. "masq"
  friend auto operator<=>(const Foreign&, const Foreign&) = default;
};

using Expression = std::variant<Meta, Payload, Ct, Cmp, Bitwise, Lookup, Counter, Limit, Log, Verdict, Foreign>;
using Expressions = std::vector<Expression>;

}  // namespace selvage::nft

#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nft/model/expression.h"
#include "nft/model/shared_verdict.h"

/// nftables tables as plain values: what should be in the kernel, and what was read back from it.
/// Comments are for people and are no part of equality anywhere (the kernel keeps an element's first
/// comment when it is added again).
namespace selvage::nft {

/// NFPROTO_INET and NFPROTO_BRIDGE.
enum class TableFamily : std::uint8_t { inet, bridge };
/// "inet", "bridge".
[[nodiscard]] const char* to_string(TableFamily family);

/// Type of one field of a set's key; the values are the ones nft(8) knows (its datatype.h).
enum class FieldType : std::uint8_t {
  ipv4_addr,     ///< 4 bytes, network order
  ipv6_addr,     ///< 16 bytes, network order
  inet_proto,    ///< 1 byte
  inet_service,  ///< 2 bytes, network order
  ifname,        ///< 16 bytes, NUL padded
  ether_type,    ///< 2 bytes, network order
  icmpv6_type,   ///< 1 byte
  ct_state,      ///< 4 bytes, host order: a bit of NF_CT_STATE_BIT
  ct_id,         ///< 4 bytes; nft has no type name for it: listed as "typeof ct id"
};

/// What a set is, without its elements.
struct SetSpec {
  std::vector<FieldType> key;  ///< one field, or a concatenation
  bool interval = false;       ///< elements are inclusive ranges (NFT_SET_INTERVAL)
  bool verdict_map = false;    ///< elements carry a verdict (NFT_SET_MAP, NFT_DATA_VERDICT)
  /// Default element timeout (NFT_SET_TIMEOUT). Elements of such a set belong to the running system
  /// and not to the wanted state: `diff` leaves them alone.
  std::optional<std::chrono::milliseconds> timeout;
  std::uint32_t size = 0;  ///< most elements; 0: no limit given
  /// Each element counts the packets for which a rule found it (NFTA_SET_EXPR: counter; Linux 5.7). What
  /// it has counted is no part of these values (read_counts.h); an element that is made anew starts at zero.
  bool counters = false;
  std::string comment;  ///< at most 128 bytes; not compared

  friend bool operator==(const SetSpec& a, const SetSpec& b) {
    return a.key == b.key && a.interval == b.interval && a.verdict_map == b.verdict_map && a.timeout == b.timeout &&
           a.size == b.size && a.counters == b.counters;
  }
};

/// What a counter has counted.
struct CounterValue {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< of the packets from their network headers on
  friend auto operator<=>(const CounterValue&, const CounterValue&) = default;

  CounterValue& operator+=(const CounterValue& other) {
    packets += other.packets;
    bytes += other.bytes;
    return *this;
  }
};

/// Identity of an element. `first` holds the key as the kernel does: a single field as its bare
/// bytes; of a concatenation the fields one after the other, each padded with zeros to a multiple of
/// four bytes. `last` is empty, or in an interval set the inclusive upper end in the same layout
/// (field by field for a concatenation; equal to `first` for a range of one).
struct ElementKey {
  std::string first;
  std::string last;
  friend auto operator<=>(const ElementKey&, const ElementKey&) = default;
};

struct ElementData {
  SharedVerdict verdict;  ///< set in verdict maps only
  std::string comment;    ///< at most 128 bytes; not compared

  friend bool operator==(const ElementData& a, const ElementData& b) { return a.verdict == b.verdict; }
};

struct Set {
  SetSpec spec;
  std::map<ElementKey, ElementData> elements;

  friend bool operator==(const Set& a, const Set& b) { return a.spec == b.spec && a.elements == b.elements; }
};

/// Where a base chain hangs: always hook forward, policy accept.
struct BaseChain {
  std::int32_t priority = 0;  ///< 0 = "filter" in inet, -200 = "filter" in bridge
  friend auto operator<=>(const BaseChain&, const BaseChain&) = default;
};

struct Rule {
  Expressions expressions;
  std::string comment;  ///< at most 128 bytes; not compared
  friend bool operator==(const Rule& a, const Rule& b) { return a.expressions == b.expressions; }
};

struct Chain {
  std::optional<BaseChain> base;  ///< none: a regular chain, reached by jump or goto
  std::vector<Rule> rules;
  std::string comment;  ///< at most 128 bytes; not compared

  friend bool operator==(const Chain& a, const Chain& b) { return a.base == b.base && a.rules == b.rules; }
};

struct TableKey {
  TableFamily family = TableFamily::inet;
  std::string name;
  friend auto operator<=>(const TableKey&, const TableKey&) = default;
};

/// Who may change a table (NFT_TABLE_F_OWNER, NFT_TABLE_F_PERSIST; Linux 6.9). Wanted tables are open or
/// owned; the rest is what may be found.
enum class Ownership : std::uint8_t {
  open,      ///< everybody who may change nftables at all
  owned,     ///< we alone; `nft flush ruleset` by others passes it by
  orphaned,  ///< everybody, since its owner has ended; the next one may become its owner
  taken,     ///< another owner alone, as long as he lives
};

struct Table {
  std::map<std::string, Set> sets;
  std::map<std::string, Chain> chains;
  std::string comment;  ///< not compared
  Ownership ownership = Ownership::open;
  friend bool operator==(const Table& a, const Table& b) {
    return a.sets == b.sets && a.chains == b.chains && a.ownership == b.ownership;
  }
};

/// All tables of ours, by family and name. An absent table is not there at all.
using Ruleset = std::map<TableKey, Table>;

}  // namespace selvage::nft

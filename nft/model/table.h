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

/// nftables tables as plain values, desired or read back from the kernel. Comments are for people and never compared
/// (when an element is added again, the kernel keeps its first comment).
namespace selvage::nft {

/// NFPROTO_INET and NFPROTO_BRIDGE.
enum class TableFamily : std::uint8_t { inet, bridge };
/// "inet", "bridge".
[[nodiscard]] const char* to_string(TableFamily family);

/// Type of one field of a set's key, named as in nft(8).
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

/// The definition of a set, without its elements.
struct SetSpec {
  std::vector<FieldType> key;  ///< one field, or a concatenation
  bool interval = false;       ///< elements are inclusive ranges (NFT_SET_INTERVAL)
  bool verdict_map = false;    ///< elements carry a verdict (NFT_SET_MAP, NFT_DATA_VERDICT)
  /// Default element timeout (NFT_SET_TIMEOUT). Elements of such a set belong to the running system,
  /// not to the desired state: `diff` does not touch them.
  std::optional<std::chrono::milliseconds> timeout;
  std::uint32_t size = 0;  ///< maximum number of elements; 0: no limit
  /// Each element counts the packets for which a rule found it (NFTA_SET_EXPR: counter; Linux 5.7). Read the counts
  /// with nft/kernel/read_counts.h; a new element starts at zero.
  bool counters = false;
  std::string comment;  ///< at most 128 bytes; not compared

  friend bool operator==(const SetSpec& a, const SetSpec& b) {
    return a.key == b.key && a.interval == b.interval && a.verdict_map == b.verdict_map && a.timeout == b.timeout &&
           a.size == b.size && a.counters == b.counters;
  }
};

/// The value of a counter.
struct CounterValue {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;  ///< from the packets' network headers on
  friend auto operator<=>(const CounterValue&, const CounterValue&) = default;

  CounterValue& operator+=(const CounterValue& other) {
    packets += other.packets;
    bytes += other.bytes;
    return *this;
  }
};

/// Identity of an element. `first` holds the key as the kernel does: a single field as its bare
/// bytes; a concatenation as its fields in sequence, each padded with zeros to a multiple of four
/// bytes. `last` is empty, or in an interval set the inclusive upper end in the same layout
/// (field by field for a concatenation; equal to `first` for a range of one).
struct ElementKey {
  std::string first;
  std::string last;
  friend auto operator<=>(const ElementKey&, const ElementKey&) = default;
};

struct ElementData {
  SharedVerdict verdict;  ///< in verdict maps only
  std::string comment;    ///< at most 128 bytes; not compared

  friend bool operator==(const ElementData& a, const ElementData& b) { return same_verdict(a.verdict, b.verdict); }
};

struct Set {
  SetSpec spec;
  std::map<ElementKey, ElementData> elements;

  friend bool operator==(const Set& a, const Set& b) { return a.spec == b.spec && a.elements == b.elements; }
};

/// The hook of a base chain: always forward, policy accept.
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

/// Who may change a table (NFT_TABLE_F_OWNER, NFT_TABLE_F_PERSIST; Linux 6.9). Desired tables are open or
/// owned; the others are only read back.
enum class Ownership : std::uint8_t {
  open,      ///< every program that may change nftables
  owned,     ///< this program only; `nft flush ruleset` by others skips it
  orphaned,  ///< every program, since the owner has ended; a new owner may take it over
  taken,     ///< only its owner, another program, while that runs
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

/// Our tables, by family and name. A table that does not exist has no entry.
using Ruleset = std::map<TableKey, Table>;

}  // namespace selvage::nft

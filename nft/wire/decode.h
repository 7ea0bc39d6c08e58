#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "netlink/attributes.h"
#include "nft/model/table.h"

/// Decoders of nf_tables' messages. Pure functions: each takes the payload of one message (everything after nlmsghdr),
/// accepts any bytes, and fails with EPROTO when a name or another necessary part is missing. An object that this
/// program would not write becomes a value that equals no desired one: an expression `Foreign`, a set without key
/// fields, a base chain of priority `kForeignPriority`.
namespace selvage::nft {

/// Priority given to base chains of another type, hook or policy.
inline constexpr std::int32_t kForeignPriority = std::numeric_limits<std::int32_t>::min();

struct DecodedTable {
  TableKey key;
  bool dormant = false;                ///< NFT_TABLE_F_DORMANT: its base chains see no packets
  bool persistent = false;             ///< NFT_TABLE_F_PERSIST: outlives its owner
  std::optional<std::uint32_t> owner;  ///< NFTA_TABLE_OWNER: netlink port of the only socket that may change it
  std::string comment;
};
/// The table's ownership as seen by the socket with netlink port `own_port`.
[[nodiscard]] Ownership ownership_of(const DecodedTable& table, std::uint32_t own_port);
/// NFT_MSG_NEWTABLE.
[[nodiscard]] Result<DecodedTable> decode_table(netlink::Bytes payload);

struct DecodedChain {
  std::string table;
  std::string name;
  Chain chain;  ///< without rules
};
/// NFT_MSG_NEWCHAIN.
[[nodiscard]] Result<DecodedChain> decode_chain(netlink::Bytes payload);

struct DecodedSet {
  std::string table;
  std::string name;
  bool anonymous = false;  ///< part of one rule, and deleted with it
  SetSpec spec;
};
/// NFT_MSG_NEWSET.
[[nodiscard]] Result<DecodedSet> decode_set(netlink::Bytes payload);

struct DecodedRule {
  std::string table;
  std::string chain;
  Rule rule;
};
/// NFT_MSG_NEWRULE.
[[nodiscard]] Result<DecodedRule> decode_rule(netlink::Bytes payload);

/// One element as the kernel stores it; an interval of a single field is two of them.
struct DecodedElement {
  std::string key;
  std::string key_end;  ///< of ranges in a concatenation
  bool interval_end = false;
  ElementData data;
  CounterValue count;  ///< of an element with a counter
};
/// NFT_MSG_NEWSETELEM: appends the message's elements to `elements`, in their order, without those
/// that cannot be decoded. Equal verdicts are shared by `verdicts`.
void decode_elements(netlink::Bytes payload, std::vector<DecodedElement>& elements, SharedVerdicts& verdicts);

/// The elements of a whole set, given in any order, as `Set` has them: starts and ends become ranges; a range without
/// an end extends to the next one, or to the highest key. Fails with EINTR when an element occurs twice: the kernel was
/// growing its hash table during the dump, and may have skipped one element for each that it repeated.
[[nodiscard]] Result<std::map<ElementKey, ElementData>> collect_elements(const SetSpec& spec,
                                                                         std::vector<DecodedElement> elements);

/// The counts of a whole set's elements, collected as by `collect_elements`.
[[nodiscard]] Result<std::map<ElementKey, CounterValue>> collect_counts(const SetSpec& spec,
                                                                        std::vector<DecodedElement> elements);

/// NFT_MSG_NEWRULE: the sum of the rule's counters.
[[nodiscard]] CounterValue decode_rule_count(netlink::Bytes payload);
/// The value of one expression that is a counter; nothing for others.
[[nodiscard]] std::optional<CounterValue> decode_count(netlink::Bytes expression);

/// NFTA_GEN_ID of NFT_MSG_NEWGEN: changes with every transaction.
[[nodiscard]] Result<std::uint32_t> decode_generation(netlink::Bytes payload);

/// One expression of a rule (NFTA_LIST_ELEM of NFTA_RULE_EXPRESSIONS).
[[nodiscard]] Expression decode_expression(netlink::Bytes attributes);
/// NFTA_DATA_VERDICT of a rule's or an element's data; nothing for a verdict that this program does not use.
[[nodiscard]] std::optional<Verdict> decode_verdict(netlink::Bytes data);

}  // namespace selvage::nft

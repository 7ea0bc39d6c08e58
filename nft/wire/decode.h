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

/// nf_tables' messages as values. Pure functions: each takes the payload of one message (all behind
/// nlmsghdr), survives any bytes, and fails with EPROTO where a name or another necessary part is
/// missing. What lies in the kernel and is nothing that this program writes becomes a value that no
/// wanted one equals: an expression `Foreign`, a set without key fields, a base chain of priority
/// `kForeignPriority`.
namespace selvage::nft {

/// Priority given to base chains of another type, hook or policy.
inline constexpr std::int32_t kForeignPriority = std::numeric_limits<std::int32_t>::min();

struct DecodedTable {
  TableKey key;
  bool dormant = false;                ///< NFT_TABLE_F_DORMANT: its base chains see no packets
  bool persistent = false;             ///< NFT_TABLE_F_PERSIST: made to be owned, and outlives its owner
  std::optional<std::uint32_t> owner;  ///< NFTA_TABLE_OWNER: netlink port of the one who alone may change it
  std::string comment;
};
/// What the table is to the one whose netlink port is `own_port`.
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
  bool anonymous = false;  ///< part of one rule: comes and goes with it
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

/// One element as the kernel has it; an interval of a single field is two of them.
struct DecodedElement {
  std::string key;
  std::string key_end;  ///< of ranges in a concatenation
  bool interval_end = false;
  ElementData data;
  CounterValue count;  ///< of an element with a counter
};
/// NFT_MSG_NEWSETELEM: appends to `elements` what the message holds, in its order; elements that
/// cannot be read are left out. Equal verdicts are one of `verdicts`.
void decode_elements(netlink::Bytes payload, std::vector<DecodedElement>& elements, SharedVerdicts& verdicts);

/// The elements of a whole set, in any order, as `Set` has them: starts and ends paired up into
/// ranges; a range without an end reaches up to the next one, or to the highest key. Fails with EINTR
/// when an element is there twice: the kernel was growing its hash table during the dump, and for
/// each element that it gave twice it may have left another out.
[[nodiscard]] Result<std::map<ElementKey, ElementData>> collect_elements(const SetSpec& spec,
                                                                         std::vector<DecodedElement> elements);

/// What the elements of a whole set have counted, as `collect_elements` collects them.
[[nodiscard]] Result<std::map<ElementKey, CounterValue>> collect_counts(const SetSpec& spec,
                                                                        std::vector<DecodedElement> elements);

/// NFT_MSG_NEWRULE: what the counters of the rule have counted, together.
[[nodiscard]] CounterValue decode_rule_count(netlink::Bytes payload);
/// One expression: what it has counted; nothing where it is no counter.
[[nodiscard]] std::optional<CounterValue> decode_count(netlink::Bytes expression);

/// NFTA_GEN_ID of NFT_MSG_NEWGEN: changes with every transaction.
[[nodiscard]] Result<std::uint32_t> decode_generation(netlink::Bytes payload);

/// One expression of a rule (NFTA_LIST_ELEM of NFTA_RULE_EXPRESSIONS).
[[nodiscard]] Expression decode_expression(netlink::Bytes attributes);
/// NFTA_DATA_VERDICT of a rule's or an element's data; nothing where it is none of ours.
[[nodiscard]] std::optional<Verdict> decode_verdict(netlink::Bytes data);

}  // namespace selvage::nft

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "netlink/message_writer.h"
#include "nft/plan/operations.h"

/// Encoders of a batch's parts, for encode.cc. Each writes into the message that was begun.
namespace selvage::nft {

void encode_table(netlink::MessageWriter& out, const TableKey& table, const AddTable& action);
void encode_set(netlink::MessageWriter& out, const TableKey& table, const AddSet& action, std::uint32_t set_id);
void encode_chain(netlink::MessageWriter& out, const TableKey& table, const AddChain& action);
void encode_rule(netlink::MessageWriter& out, const TableKey& table, const AddRule& action);

/// The size of an attribute's value.
[[nodiscard]] inline std::uint32_t length(const std::string& bytes) { return static_cast<std::uint32_t>(bytes.size()); }

/// NFTA_*_DATA holding a verdict.
void put_verdict(netlink::MessageWriter& out, std::uint16_t type, const Verdict& verdict);

/// Writes elements from `at` on into the message until it is full, at least one. Returns the first that is left.
[[nodiscard]] std::map<ElementKey, ElementData>::const_iterator encode_elements(
    netlink::MessageWriter& out, const TableKey& table, const AddElements& action,
    std::map<ElementKey, ElementData>::const_iterator at);
[[nodiscard]] std::set<ElementKey>::const_iterator encode_elements(netlink::MessageWriter& out, const TableKey& table,
                                                                   const DeleteElements& action,
                                                                   std::set<ElementKey>::const_iterator at);

/// Index, counted from the message's first element, of the element that holds the byte at `offset` of
/// the message `bytes`; nothing when there is none. The end of an interval counts as its start.
[[nodiscard]] std::optional<std::size_t> element_at(std::span<const std::uint8_t> message, std::size_t offset);

/// The next larger value of `bytes` as a big-endian number; empty when there is none.
[[nodiscard]] std::string next_key(std::string bytes);
/// The next smaller value; all ones for zero.
[[nodiscard]] std::string previous_key(std::string bytes);

}  // namespace selvage::nft

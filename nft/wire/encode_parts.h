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

/// The parts that a batch is made of; for encode.cc. Each writes into the message that was begun.
namespace selvage::nft {

void encode_table(MessageWriter& out, const TableKey& table, const AddTable& action);
void encode_set(MessageWriter& out, const TableKey& table, const AddSet& action, std::uint32_t set_id);
void encode_chain(MessageWriter& out, const TableKey& table, const AddChain& action);
void encode_rule(MessageWriter& out, const TableKey& table, const AddRule& action);

/// The size of an attribute's value.
[[nodiscard]] inline std::uint32_t length(const std::string& bytes) { return static_cast<std::uint32_t>(bytes.size()); }

/// NFTA_*_DATA holding a verdict.
void put_verdict(MessageWriter& out, std::uint16_t type, const Verdict& verdict);

/// Writes elements into the message, from `at` on, until it is full; at least one. Gives where to go on.
[[nodiscard]] std::map<ElementKey, ElementData>::const_iterator encode_elements(
    MessageWriter& out, const TableKey& table, const AddElements& action,
    std::map<ElementKey, ElementData>::const_iterator at);
[[nodiscard]] std::set<ElementKey>::const_iterator encode_elements(MessageWriter& out, const TableKey& table,
                                                                   const DeleteElements& action,
                                                                   std::set<ElementKey>::const_iterator at);

/// Index, counted from the message's first element, of the element that holds the byte at `offset` of
/// the message `bytes`; nothing when it lies in none. The end of an interval counts as its start.
[[nodiscard]] std::optional<std::size_t> element_at(std::span<const std::uint8_t> message, std::size_t offset);

/// The value just above `bytes` read as a big-endian number; empty when there is none.
[[nodiscard]] std::string next_key(std::string bytes);
/// The value just below; all ones below zero.
[[nodiscard]] std::string previous_key(std::string bytes);

}  // namespace selvage::nft

#pragma once

#include <optional>
#include <string>

#include "nft/model/expression.h"
#include "nft/trace/tracer.h"

namespace selvage::nft {

/// The bytes that expressions of a table of `family` read from the packet. Nothing: absent, and the rule does not
/// match.
[[nodiscard]] std::optional<std::string> read(const Packet& packet, TableFamily family, const Meta& meta);
[[nodiscard]] std::optional<std::string> read(const Packet& packet, TableFamily family, const Payload& payload);
[[nodiscard]] std::optional<std::string> read(const Packet& packet, TableFamily family, const Ct& ct);

/// The Ethernet type in the frame's header.
[[nodiscard]] std::uint16_t ether_type_of(const Packet& packet);
/// Whether the packet passes inet hooks.
[[nodiscard]] bool is_ip(const Packet& packet);

}  // namespace selvage::nft

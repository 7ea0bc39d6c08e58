#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/chains.h"

/// Where denied packets end, and how they are told to whoever reads the NFLOG group (nft/packet_log.h).
namespace selvage::controller {

/// The chain that class and entry chains of a direction end in: "deny" for both; while denied packets are logged
/// "deny-in" and "deny-out", which lead to "deny".
[[nodiscard]] std::string deny_target(policy::Direction direction, const RenderOptions& options);

/// Adds "deny-in" and "deny-out" to a table that has "deny", where denied packets are logged: the rules of "deny" up to
/// its drop, then the log, then on to "deny", whose counter so counts what it counts without.
void add_log_chains(nft::Table& table, const RenderOptions& options);

/// The direction of a logged packet by its prefix; nothing where the rule is none of ours.
[[nodiscard]] std::optional<policy::Direction> direction_of_prefix(std::string_view prefix);

}  // namespace selvage::controller

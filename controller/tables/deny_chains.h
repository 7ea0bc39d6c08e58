#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/tables/chains.h"

/// The chains that denied packets go through: counted for the local pod, logged to the NFLOG group (host/packet_log.h),
/// counted in total, and dropped.
namespace selvage::controller {

/// Adds "deny-in", "deny-out" and "deny". The first two return if a pod reaches itself through a Service; otherwise
/// they count by the local address, log if `options` say so, and go to "deny", which counts and drops. For staged
/// policies there is no "deny": the packet passes.
void add_deny_chains(nft::Table& table, const RenderOptions& options);

/// A chain with one rule, which counts and drops.
[[nodiscard]] nft::Chain drop_chain(std::string comment);

/// The policies that denied a logged packet, or would have, and the direction.
struct LogSource {
  policy::Mode mode = policy::Mode::enforced;
  policy::Direction direction = policy::Direction::ingress;
};
/// From a logged packet's prefix; none for prefixes of other programs.
[[nodiscard]] std::optional<LogSource> source_of_prefix(std::string_view prefix);

}  // namespace selvage::controller

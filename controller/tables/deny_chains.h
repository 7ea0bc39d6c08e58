#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "controller/tables/chains.h"

/// Where denied packets end: counted for the pod that they are denied to or from, told to whoever reads the NFLOG group
/// (nft/packet_log.h), counted all together and dropped.
namespace selvage::controller {

/// Adds "deny-in", "deny-out" and "deny". The first two return where a pod reaches itself through a Service; otherwise
/// they count by the local address, log (where denied packets are logged) and go on to "deny", which counts and drops;
/// for staged policies there is no "deny", and they let the packet pass.
void add_deny_chains(nft::Table& table, const RenderOptions& options);

/// A chain whose last rule, and so far only one, counts and drops.
[[nodiscard]] nft::Chain drop_chain(std::string comment);

/// Which policies denied a logged packet, or would have, and in which direction.
struct LogSource {
  policy::Mode mode = policy::Mode::enforced;
  policy::Direction direction = policy::Direction::ingress;
};
/// By a logged packet's prefix; nothing where the rule is none of ours.
[[nodiscard]] std::optional<LogSource> source_of_prefix(std::string_view prefix);

}  // namespace selvage::controller

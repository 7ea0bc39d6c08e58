#include "controller/deny_chains.h"

#include "nft/packet_log.h"

namespace selvage::controller {
namespace {

using policy::Direction;

const char* log_chain(Direction direction) { return direction == Direction::ingress ? "deny-in" : "deny-out"; }

/// "selvage deny-in".
std::string prefix_of(Direction direction) { return std::string("selvage ") + log_chain(direction); }

}  // namespace

std::string deny_target(Direction direction, const RenderOptions& options) {
  return options.log_group ? log_chain(direction) : "deny";
}

void add_log_chains(nft::Table& table, const RenderOptions& options) {
  if (!options.log_group) return;
  const nft::Chain& deny = table.chains.at("deny");
  for (const Direction direction : policy::kDirections) {
    nft::Chain chain{std::nullopt, {deny.rules.begin(), deny.rules.end() - 1}, deny.comment};
    chain.rules.push_back(nft::RuleBuilder()
                              .limit(options.log_rate, options.log_burst)
                              .log({*options.log_group, nft::PacketLog::kSnapLength, 0, prefix_of(direction)})
                              .build());
    chain.rules.push_back(nft::RuleBuilder().go_to("deny"));
    table.chains[log_chain(direction)] = std::move(chain);
  }
}

std::optional<Direction> direction_of_prefix(std::string_view prefix) {
  for (const Direction direction : policy::kDirections) {
    if (prefix == prefix_of(direction)) return direction;
  }
  return std::nullopt;
}

}  // namespace selvage::controller

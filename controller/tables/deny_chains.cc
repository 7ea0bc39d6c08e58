#include "controller/tables/deny_chains.h"

#include <utility>

#include "controller/tables/set_role.h"
#include "host/packet_log.h"

namespace selvage::controller {
namespace {

using nft::RuleBuilder;
using policy::Direction;

/// "selvage deny-in", "selvage staged-in".
std::string prefix_of(LogSource source) {
  const char* mode = source.mode == policy::Mode::staged ? "staged" : "deny";
  return std::string("selvage ") + mode + (source.direction == Direction::ingress ? "-in" : "-out");
}

/// A pod that reaches itself through a Service is masqueraded only after this hook, so source and
/// destination are equal here. A packet like that without address translation is forged.
nft::Rule self_rule(IpFamily family) {
  const std::vector key = {source_selector(family), destination_selector(family)};
  // ct status dnat ip saddr . ip daddr @self4 return
  return RuleBuilder().ct_status_dnat().in(key, self_set(family)).returns();
}

/// Has no verdict: the set's elements count.
nft::Rule count_rule(Direction direction, IpFamily family) {
  const auto local = direction == Direction::ingress ? destination_selector(family) : source_selector(family);
  // ip daddr @ingress-denied4
  return RuleBuilder().in({local}, denied_set(direction, family)).build();
}

nft::Rule log_rule(Direction direction, const RenderOptions& options) {
  // limit rate 100/second burst 200 packets log prefix "selvage deny-in" group 5 snaplen 128
  return RuleBuilder()
      .limit(options.log_rate, options.log_burst)
      .log({*options.log_group, host::PacketLog::kSnapLength, 0, prefix_of({options.mode, direction})})
      .build();
}

nft::Chain deny_chain(Direction direction, const RenderOptions& options) {
  const bool staged = options.mode == policy::Mode::staged;
  nft::Chain chain;
  chain.comment =
      (staged ? "would not be allowed by any policy at " : "not allowed by any policy at ") + to_string(direction);
  for (const IpFamily family : policy::kFamilies) chain.rules.push_back(self_rule(family));
  for (const IpFamily family : policy::kFamilies) chain.rules.push_back(count_rule(direction, family));
  if (options.log_group) chain.rules.push_back(log_rule(direction, options));
  // goto deny
  if (!staged) chain.rules.push_back(RuleBuilder().go_to(std::string(kDeny)));
  return chain;
}

}  // namespace

nft::Chain drop_chain(std::string comment) {
  nft::Chain chain;
  // counter drop
  chain.rules.push_back(RuleBuilder().counter().drop());
  chain.comment = std::move(comment);
  return chain;
}

void add_deny_chains(nft::Table& table, const RenderOptions& options) {
  for (const Direction direction : policy::kDirections) {
    table.chains[deny_target(direction)] = deny_chain(direction, options);
  }
  if (options.mode == policy::Mode::enforced) {
    table.chains[std::string(kDeny)] = drop_chain("not allowed by any policy");
  }
}

std::optional<LogSource> source_of_prefix(std::string_view prefix) {
  for (const policy::Mode mode : {policy::Mode::enforced, policy::Mode::staged}) {
    for (const Direction direction : policy::kDirections) {
      if (prefix == prefix_of({mode, direction})) return LogSource{mode, direction};
    }
  }
  return std::nullopt;
}

}  // namespace selvage::controller

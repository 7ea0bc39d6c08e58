#pragma once

#include <string>
#include <vector>

#include "nft/model/table.h"

namespace selvage::nft {

/// The packet data that a rule can match, named as in nft(8).
enum class Selector : std::uint8_t {
  iifname,
  oifname,
  ibrname,  ///< meta ibrname (bridge family)
  iifkind,  ///< meta iifkind
  ip_saddr,
  ip_daddr,
  ip6_saddr,
  ip6_daddr,
  ip6_hoplimit,
  l4proto,   ///< meta l4proto
  th_dport,  ///< th dport
  icmpv6_type,
  ether_type,
  ct_state,  ///< one bit, for sets of them
  ct_id,
};

/// Builds one rule, left to right as nft(8) writes it, with the expressions that nft(8) makes of that
/// text (protocol dependencies included), so `nft list ruleset` prints the same text. Example, "ip daddr . meta l4proto
/// . th dport @p-in-ports4 return":
///
///     RuleBuilder().in({ip_daddr, l4proto, th_dport}, "p-in-ports4").returns()
class RuleBuilder {
 public:
  /// selector == value; `value` holds the field's bare bytes (ifname: NUL padded by this function).
  RuleBuilder& equals(Selector selector, std::string value);
  /// selector (or concatenation) @set
  RuleBuilder& in(const std::vector<Selector>& key, std::string set);
  /// selector (or concatenation) != @set
  RuleBuilder& not_in(const std::vector<Selector>& key, std::string set);
  /// selector (or concatenation) vmap @map; nothing may follow.
  RuleBuilder& vmap(const std::vector<Selector>& key, std::string map);
  /// ct direction reply
  RuleBuilder& ct_direction_reply();
  /// ct state established,related (any of the NF_CT_STATE bits in `bits`: 2 established, 4 related)
  RuleBuilder& ct_state(std::uint32_t bits);
  /// ct status dnat: the connection's destination was translated
  RuleBuilder& ct_status_dnat();
  RuleBuilder& counter();
  /// limit rate RATE/second burst BURST packets
  RuleBuilder& limit(std::uint64_t rate, std::uint32_t burst);
  /// log prefix "PREFIX" group GROUP snaplen SNAPLEN
  RuleBuilder& log(Log log);

  [[nodiscard]] Rule accept() { return verdict(Verdict::Code::accept); }
  [[nodiscard]] Rule drop() { return verdict(Verdict::Code::drop); }
  [[nodiscard]] Rule returns() { return verdict(Verdict::Code::return_); }
  [[nodiscard]] Rule jump(std::string chain) { return verdict(Verdict::Code::jump, std::move(chain)); }
  [[nodiscard]] Rule go_to(std::string chain) { return verdict(Verdict::Code::go_to, std::move(chain)); }
  /// The rule without a verdict at its end (after vmap, log).
  [[nodiscard]] Rule build();

 private:
  RuleBuilder& any_bit(CtKey key, std::uint32_t bits);
  Rule verdict(Verdict::Code code, std::string chain = {});
  Rule rule_;
};

}  // namespace selvage::nft

#pragma once

#include <cerrno>
#include <cstdint>
#include <optional>
#include <string>

#include "controller/preflight/preflight.h"

/// The single checks of `judge`, each pure.
namespace selvage::controller {

inline constexpr const char* kGrant = "run it as root, or in a container with the capability NET_ADMIN";

[[nodiscard]] inline PreflightItem item(std::string name, CheckState state, std::string seen, std::string fix = {}) {
  return {std::move(name), state, std::move(seen), std::move(fix), false};
}

/// `item`, whose failure means that policies are not enforced.
[[nodiscard]] inline PreflightItem blocking(PreflightItem item) {
  item.enforcement = item.state == CheckState::failed;
  return item;
}

/// A check that could not be made, for lack of the capability or another reason.
[[nodiscard]] inline PreflightItem not_seen(std::string name, const Error& error) {
  return item(std::move(name), CheckState::unknown, error.message, error.code == EPERM ? kGrant : "");
}

/// Whether CAP_NET_ADMIN is effective.
[[nodiscard]] bool may_administer(const SystemFacts& facts);

// preflight_kernel.cc: features of the kernel, and our capabilities
[[nodiscard]] PreflightItem judge_capabilities(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_tables(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_table_owner(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_bridge_match(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_conntrack(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_log_group(const SystemFacts& facts, std::uint16_t group);

// preflight_network.cc: the path of pods' packets
[[nodiscard]] PreflightItem judge_br_netfilter(const SystemFacts& facts);
[[nodiscard]] PreflightItem judge_bridge(const SystemFacts& facts, const std::string& name);
[[nodiscard]] PreflightItem judge_bridge_sysctls(const SystemFacts& facts);
/// `used`: pods of this node have addresses of the family.
[[nodiscard]] PreflightItem judge_forwarding(const std::string& name, const std::optional<bool>& on, bool used,
                                             const std::string& sysctl);
[[nodiscard]] PreflightItem judge_others(const SystemFacts& facts);

}  // namespace selvage::controller

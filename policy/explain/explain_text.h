#pragma once

#include <string>

#include "policy/explain/explain.h"

/// Explanations in words. Names and labels are in the text as their users wrote them.
namespace selvage::policy {

/// Why, in one sentence without a full stop: "prod/allow-web-to-api allows TCP 8080, not 8081", "no rule of any policy
/// names this peer". Lists are cut after eight entries.
[[nodiscard]] std::string reason(const Explanation& explanation);

/// One condition as a sentence: "namespace staging lacks label name=frontend", "10.0.0.9 is outside of 10.0.1.0/24",
/// "allows TCP 8080, not 8081". `explanation` is the one that it belongs to.
[[nodiscard]] std::string describe(const FailedCondition& failed, const Explanation& explanation);

/// "prod/web-0", "node worker-1", "203.0.113.9".
[[nodiscard]] std::string describe(const FlowEnd& end);

/// "TCP", "ICMP", "protocol 50".
[[nodiscard]] std::string protocol_name(std::uint8_t protocol);

}  // namespace selvage::policy

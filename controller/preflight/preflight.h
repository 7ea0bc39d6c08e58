#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/preflight/preflight_facts.h"

namespace selvage::controller {

enum class CheckState : std::uint8_t {
  ok,
  info,     ///< to be known, nothing to be done
  warning,  ///< policies are enforced, but somebody should look
  failed,   ///< stands in the way
  unknown,  ///< could not be looked at
};
/// "ok", "info", "warning", "failed", "unknown".
[[nodiscard]] const char* to_string(CheckState state);

/// One thing that was looked at.
struct PreflightItem {
  std::string name;  ///< of the check, for machines too: "br_netfilter", "bridge cni0"
  CheckState state = CheckState::ok;
  std::string seen;          ///< what was seen, one line
  std::string fix;           ///< what to do about it, one line; empty where there is nothing to do
  bool enforcement = false;  ///< while it has failed, some policy is not enforced

  friend bool operator==(const PreflightItem&, const PreflightItem&) = default;
};

struct PreflightReport {
  std::vector<PreflightItem> items;  ///< in the order in which a person would go through them

  /// Whether anything stands in the way.
  [[nodiscard]] bool failed() const;
};

/// Looks at the system and judges it. Changes nothing, needs no rights (what cannot be looked at
/// without is told as such); takes milliseconds, more where the connection table is long.
[[nodiscard]] PreflightReport run_preflight(const PreflightOptions& options);

/// What the facts mean. Pure.
[[nodiscard]] PreflightReport judge(const SystemFacts& facts, const PreflightOptions& options);

/// Items for which an agent must not call itself ready: while they last, policies are not enforced.
/// kube-proxy in IPVS mode is one unless the options of the report allowed it.
[[nodiscard]] std::vector<PreflightItem> ready_blockers(const PreflightReport& report);

/// The item about policies of other APIs. `found` has a line for each kind of which there are some; an error: they
/// could not be counted.
[[nodiscard]] PreflightItem judge_other_policies(const Result<std::vector<std::string>>& found);

/// The check for kube-proxy in IPVS mode alone, for an agent that looks again when links change.
[[nodiscard]] PreflightItem judge_ipvs(bool device_present, bool allow_ipvs);

/// "br_netfilter: not loaded, so ...: run \"modprobe br_netfilter\"": an item on one line, for the log.
[[nodiscard]] std::string log_text(const PreflightItem& item);
/// Logs what failed as errors, warnings as warnings, what could not be looked at and what is good to know for
/// debugging.
void log_preflight(const PreflightReport& report);

/// A table for people: a line for each item, its fix below it.
[[nodiscard]] std::string to_table(const PreflightReport& report);
/// One JSON object on one line: {"failed":true,"items":[{"name","state","seen","fix","enforcement"},...]};
/// enforcement is "incomplete" or "unaffected".
[[nodiscard]] std::string to_json(const PreflightReport& report);

}  // namespace selvage::controller

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/preflight/preflight_facts.h"

namespace selvage::controller {

enum class CheckState : std::uint8_t {
  ok,
  info,     ///< no action needed
  warning,  ///< policies are enforced, but the operator should look
  failed,   ///< must be fixed
  unknown,  ///< could not be checked
};
/// "ok", "info", "warning", "failed", "unknown".
[[nodiscard]] const char* to_string(CheckState state);

/// The result of one check.
struct PreflightItem {
  std::string name;  ///< for people and machines: "br_netfilter", "bridge cni0"
  CheckState state = CheckState::ok;
  std::string seen;          ///< the finding, one line
  std::string fix;           ///< one line; empty: none needed
  bool enforcement = false;  ///< its failure means that some policy is not enforced

  friend bool operator==(const PreflightItem&, const PreflightItem&) = default;
};

struct PreflightReport {
  std::vector<PreflightItem> items;  ///< in the order in which to read them

  /// Whether any check failed.
  [[nodiscard]] bool failed() const;
};

/// Checks the system. Changes nothing and needs no privileges (checks that need some are reported as unknown); takes
/// milliseconds, more where the connection table is long.
[[nodiscard]] PreflightReport run_preflight(const PreflightOptions& options);

/// Judges the facts. Pure.
[[nodiscard]] PreflightReport judge(const SystemFacts& facts, const PreflightOptions& options);

/// The failures that make an agent not ready, since some policy is not enforced. kube-proxy in IPVS mode is one unless
/// the options of the report allowed it.
[[nodiscard]] std::vector<PreflightItem> ready_blockers(const PreflightReport& report);

/// The check for policies of other APIs. `found`: a line for each kind that exists, or why they could not be counted.
[[nodiscard]] PreflightItem judge_other_policies(const Result<std::vector<std::string>>& found);

/// The check for kube-proxy in IPVS mode.
[[nodiscard]] PreflightItem judge_ipvs(bool device_present, bool allow_ipvs);

/// "br_netfilter: not loaded, so ...: run \"modprobe br_netfilter\"": an item on one line, for the log.
[[nodiscard]] std::string log_text(const PreflightItem& item);
/// Logs failures as errors, warnings as warnings, and the rest at debug level.
void log_preflight(const PreflightReport& report);

/// A table for people, folded to `width` columns if given: each item, and below it its fix.
[[nodiscard]] std::string to_table(const PreflightReport& report, std::optional<std::size_t> width = std::nullopt);
/// One JSON object on one line: {"failed":true,"items":[{"name","state","seen","fix","enforcement"},...]};
/// enforcement is "incomplete" or "unaffected".
[[nodiscard]] std::string to_json(const PreflightReport& report);

}  // namespace selvage::controller

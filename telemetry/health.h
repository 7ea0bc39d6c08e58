#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace selvage::telemetry {

/// A part of the desired state that the kernel rejects.
struct Refusal {
  std::string object;  ///< the rejected part, for people; may hold the reason
  int code = 0;        ///< errno; 0: no system error

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Whether the loop of the agent's thread works or waits, and since or until when.
struct LoopState {
  bool working = false;
  std::optional<Moment> at;  ///< working: since; waiting: until, nothing: without a limit

  friend bool operator==(const LoopState&, const LoopState&) = default;
};

/// The facts from which health is judged. A value.
struct HealthFacts {
  bool committed = false;                       ///< the first commit succeeded, so policy is enforced
  std::vector<Refusal> refused;                 ///< parts that the kernel rejects
  std::map<std::string, Moment> stale;          ///< by source or resource: when it was last confirmed
  std::string not_effective;                    ///< why pods' packets bypass our tables; empty: they do not
  std::vector<std::string> preflight_failures;  ///< each with its fix
  LoopState loop;
};

struct HealthLimits {
  std::chrono::seconds stale{300};  ///< stale for longer is not ready
  std::chrono::seconds stuck{60};   ///< a turn of the loop that takes longer or is later is not alive
};

/// One check of readiness or liveness.
struct HealthCheck {
  std::string name;                  ///< "refused"
  std::vector<std::string> reasons;  ///< for its failure, for people; empty: it passes

  [[nodiscard]] bool ok() const { return reasons.empty(); }
  friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};
using HealthChecks = std::vector<HealthCheck>;

/// Whether all checks pass.
[[nodiscard]] bool healthy(const HealthChecks& checks);

/// Whether the node enforces the cluster's policies: the checks "commit", "refused", "sources", "effective",
/// "preflight". Pure.
[[nodiscard]] HealthChecks readiness(const HealthFacts& facts, const HealthLimits& limits, Moment now);

/// Whether a restart could help: the check "loop". Pure.
[[nodiscard]] HealthChecks liveness(const HealthFacts& facts, const HealthLimits& limits, Moment now);

/// Passes health from the agent's thread to the one that answers probes. Thread-safe; no call blocks.
class Health {
 public:
  explicit Health(HealthLimits limits = {}) : limits_(limits) {}

  /// The first commit succeeded, or nothing was to be committed: policy is enforced.
  void set_committed();
  /// All parts that the kernel rejects now.
  void set_refused(std::vector<Refusal> refused);
  /// When a source or resource was last confirmed; nothing: it is up to date.
  void set_stale(const std::string& source, std::optional<Moment> since);
  /// Why pods' packets bypass our tables, with the fix; empty: they do not.
  void set_not_effective(std::string why);
  /// All failures of the preflight.
  void set_preflight_failures(std::vector<std::string> failures);

  /// The loop begins a turn. Call it when poll(2) has returned.
  void loop_works(Moment now);
  /// The loop is about to wait, with a limit if given. Call it before poll(2).
  void loop_waits(std::optional<Moment> until);

  [[nodiscard]] HealthFacts facts() const;
  [[nodiscard]] const HealthLimits& limits() const { return limits_; }

 private:
  const HealthLimits limits_;
  mutable Mutex mutex_;
  HealthFacts facts_ GUARDED_BY(mutex_);
};

}  // namespace selvage::telemetry

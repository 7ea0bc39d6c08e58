#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace selvage::telemetry {

/// The kernel, or something on the way to it, refuses what is wanted.
struct Refusal {
  std::string object;  ///< what is refused, for people; may say why
  int code = 0;        ///< errno; 0: no system error

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Whether the loop of the agent's thread is at work, or waits, and since or until when.
struct LoopState {
  bool working = false;
  std::optional<Moment> at;  ///< working: since when; waiting: until when, nothing: for whatever may come

  friend bool operator==(const LoopState&, const LoopState&) = default;
};

/// What is known of the daemon's health. A value.
struct HealthFacts {
  bool committed = false;                       ///< a first commit was made, so policy is enforced
  std::vector<Refusal> refused;                 ///< what is not enforced because it is refused
  std::map<std::string, Moment> blind;          ///< by source or resource: since when nothing is heard of it
  std::string not_effective;                    ///< why packets of pods do not pass our tables; empty: they do
  std::vector<std::string> preflight_failures;  ///< each with its remedy
  LoopState loop;
};

struct HealthLimits {
  std::chrono::seconds stale{300};  ///< blind for longer is not ready
  std::chrono::seconds stuck{60};   ///< a turn of the loop that takes longer, or is late by more, is not alive
};

/// One of the questions that readiness or liveness consists of.
struct HealthCheck {
  std::string name;                  ///< "refused"
  std::vector<std::string> reasons;  ///< why it fails, for people; empty: it does not

  [[nodiscard]] bool ok() const { return reasons.empty(); }
  friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};
using HealthChecks = std::vector<HealthCheck>;

/// Whether all of them pass.
[[nodiscard]] bool healthy(const HealthChecks& checks);

/// Whether the node's policy is enforced as the cluster has it: "commit", "refused", "sources", "effective",
/// "preflight". A pure function, as the next one.
[[nodiscard]] HealthChecks readiness(const HealthFacts& facts, const HealthLimits& limits, Moment now);

/// Whether a restart could help: "loop".
[[nodiscard]] HealthChecks liveness(const HealthFacts& facts, const HealthLimits& limits, Moment now);

/// Keeps what the agent's thread tells for the one that answers probes. Thread-safe; nothing blocks.
class Health {
 public:
  explicit Health(HealthLimits limits = {}) : limits_(limits) {}

  /// The first commit is done (or there was nothing to commit): policy is enforced.
  void set_committed();
  /// All that is refused now; empty: nothing.
  void set_refused(std::vector<Refusal> refused);
  /// Since when nothing is heard of a source or resource; nothing: it is heard of.
  void set_stale(const std::string& source, std::optional<Moment> since);
  /// Why packets of pods do not pass our tables, with the remedy; empty: they do.
  void set_not_effective(std::string why);
  /// All that the preflight found; empty: nothing.
  void set_preflight_failures(std::vector<std::string> failures);

  /// The loop begins a turn: to be called when poll(2) has returned.
  void loop_works(Moment now);
  /// The loop is about to wait: until then, or, nothing, for whatever may come. To be called before poll(2).
  void loop_waits(std::optional<Moment> until);

  [[nodiscard]] HealthFacts facts() const;
  [[nodiscard]] const HealthLimits& limits() const { return limits_; }

 private:
  const HealthLimits limits_;
  mutable Mutex mutex_;
  HealthFacts facts_ GUARDED_BY(mutex_);
};

}  // namespace selvage::telemetry

#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/mutex.h"
#include "controller/sources/unsupported_policies.h"
#include "k8s_client/api/transport.h"

namespace selvage::controller {

/// The policies of other APIs that an API server has.
struct UnsupportedFindings {
  k8s_client::UnsupportedCounts counts;
  std::set<std::string> forbidden;  ///< "ciliumnetworkpolicies.cilium.io": resources that may not be listed
  std::optional<Error> error;       ///< why some kinds could not be counted, which are missing in `counts`
};

/// Counts them, by a few small requests: one where the server has none of these APIs. Blocks.
[[nodiscard]] UnsupportedFindings count_unsupported_policies(k8s_client::Transport& transport,
                                                             std::chrono::milliseconds idle_limit);

/// Counts them at once and every few minutes, and reports them.
class UnsupportedPoll {
 public:
  /// `metrics` must outlive this object.
  explicit UnsupportedPoll(telemetry::Metrics& metrics) : report_(metrics) {}

  /// Polls until `stop`. Blocks; to be called once. `transport` has to be stopped as well.
  void run(k8s_client::Transport& transport);
  /// From any thread.
  void stop();

 private:
  /// Returns how long to wait before the next time.
  [[nodiscard]] Clock::duration poll(k8s_client::Transport& transport);
  /// False: stopped.
  [[nodiscard]] bool wait(Clock::duration time);

  UnsupportedPolicies report_;
  Backoff backoff_{std::chrono::seconds(5), std::chrono::minutes(5)};
  bool forbidden_ = false;  ///< and logged
  Mutex mutex_;
  ConditionVariable stopping_;
  bool stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace selvage::controller

#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "base/mutex.h"
#include "base/token_bucket.h"
#include "controller/events/event_backlog.h"
#include "k8s_client/api/transport.h"

namespace selvage::controller {

/// Writes Kubernetes Events (ClusterEvent), so that authors of policies learn of errors without reading the logs of
/// nodes. Needs only the permission to create Events. A dedicated thread writes them from a bounded queue
/// (EventBacklog), so callers never block on the API server; Events that cannot be written are dropped. Thread-safe.
class EventRecorder {
 public:
  /// `node`: name of the reporting node.
  explicit EventRecorder(std::string node);

  /// Reports an invalid object, after a random time of up to three seconds: all nodes see it at once, and all but the
  /// first to write meet a conflict.
  void bad_object(const k8s_client::ObjectError& error);
  /// Reports that this node does not enforce all policies, with the reason.
  void not_enforced(const std::string& note);

  /// Writes until `stop`. Blocks; call it once, in a dedicated thread. Stop `transport` as well.
  void run(k8s_client::Transport& transport);
  void stop();

 private:
  using Waiting = EventBacklog::Waiting;
  void put(ClusterEvent event, Clock::duration delay) REQUIRES(mutex_);
  /// The next Event, when it is due; nothing: stopped.
  [[nodiscard]] std::optional<Waiting> next();
  void write(k8s_client::Transport& transport, Waiting waiting);
  void put_back(Waiting waiting, std::optional<std::chrono::seconds> at_least);
  void log_refusal(const std::string& event, const k8s_client::ApiStatus& status);
  void log_dropped();

  const std::string node_;
  Mutex mutex_;
  ConditionVariable changed_;
  EventBacklog backlog_ GUARDED_BY(mutex_);
  std::minstd_rand random_ GUARDED_BY(mutex_){std::random_device{}()};
  bool stopped_ GUARDED_BY(mutex_) = false;

  // Used by the thread in `run` only.
  bool forbidden_ = false;  ///< and logged
  TokenBucket lines_{std::chrono::minutes(1), 1};
  std::uint64_t dropped_ = 0;
};

}  // namespace selvage::controller

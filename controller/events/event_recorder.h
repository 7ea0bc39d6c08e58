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

/// Writes Kubernetes Events (ClusterEvent) about what the agent meets: so who writes policies learns of a bad one
/// without a look at the logs of nodes. Needs the right to create Events and no other. Who tells it is never held up:
/// Events wait (EventBacklog) for a thread that writes them, and what cannot be written is left out. Thread-safe.
class EventRecorder {
 public:
  /// `node`: who writes.
  explicit EventRecorder(std::string node);

  /// An object cannot be used. It is written after up to three seconds, by chance: all nodes see it at once, and all
  /// but the first to write meet a conflict.
  void bad_object(const k8s_client::ObjectError& error);
  /// This node does not enforce what it should, for what reason.
  void not_enforced(const std::string& note);

  /// Writes until `stop`. Blocks; to be called once, in a thread of its own. `transport` has to be stopped as well.
  void run(k8s_client::Transport& transport);
  void stop();

 private:
  using Waiting = EventBacklog::Waiting;
  void put(ClusterEvent event, Clock::duration delay) REQUIRES(mutex_);
  /// The next one, when it is its turn; none: stopped.
  [[nodiscard]] std::optional<Waiting> next();
  void write(k8s_client::Transport& transport, Waiting waiting);
  void put_back(Waiting waiting, std::optional<std::chrono::seconds> at_least);
  void tell_refusal(const std::string& event, const k8s_client::ApiStatus& status);
  void tell_dropped();

  const std::string node_;
  Mutex mutex_;
  ConditionVariable changed_;
  EventBacklog backlog_ GUARDED_BY(mutex_);
  std::minstd_rand random_ GUARDED_BY(mutex_){std::random_device{}()};
  bool stopped_ GUARDED_BY(mutex_) = false;

  // Of the thread in `run` alone.
  bool forbidden_ = false;  ///< and told
  TokenBucket lines_{std::chrono::minutes(1), 1};
  std::uint64_t dropped_ = 0;
};

}  // namespace selvage::controller

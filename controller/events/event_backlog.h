#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/token_bucket.h"
#include "controller/events/cluster_event.h"

namespace selvage::controller {

/// A bounded queue of Events, with rate limits: a node may write 20 at once and then one each ten seconds, about one
/// object 3 at once and then one each five minutes. At most a hundred wait; more are dropped. Not thread-safe; knows no
/// clock.
class EventBacklog {
 public:
  static constexpr std::size_t kMax = 100;
  static constexpr unsigned kBurst = 20;
  static constexpr std::chrono::seconds kInterval{10};
  static constexpr unsigned kObjectBurst = 3;
  static constexpr std::chrono::minutes kObjectInterval{5};
  static constexpr std::chrono::minutes kTooOld{30};  ///< older Events are dropped

  struct Waiting {
    ClusterEvent event;
    Moment since;
    Moment from;  ///< earliest time to write it
  };

  /// Adds an Event at `now`, to be written at `from` or later. Those about this node go first. False: this or another
  /// Event was dropped.
  bool put(ClusterEvent event, Moment now, Moment from);
  /// When to call `take`; nothing: no Event waits.
  [[nodiscard]] std::optional<Moment> due() const;
  /// The next Event, if one is due at `now`.
  [[nodiscard]] std::optional<Waiting> take(Moment now);
  /// The Event was written, or is given up.
  void done() { backoff_.succeed(); }
  /// The Event could not be written: it goes to the end, and nothing is due for `at_least`, up to a limit.
  void put_back(Waiting waiting, Moment now, std::chrono::seconds at_least);

  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  /// Number of Events dropped since the last call.
  [[nodiscard]] std::uint64_t take_dropped() { return std::exchange(dropped_, 0); }

 private:
  static constexpr std::size_t kMaxObjects = 1000;
  [[nodiscard]] bool may_report(const ClusterEvent& event, Moment now);
  void drop_last();

  std::deque<Waiting> waiting_;
  TokenBucket bucket_{kInterval, kBurst};
  TokenBucket node_{kObjectInterval, kObjectBurst};
  std::map<policy::ObjectKey, TokenBucket> objects_;  ///< recently reported objects
  Moment sweep_{};                                    ///< when `objects_` may be searched again for old entries
  Backoff backoff_{std::chrono::seconds(1), std::chrono::minutes(1)};
  Moment hold_until_{};
  std::uint64_t dropped_ = 0;
};

}  // namespace selvage::controller

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

/// The Events that wait to be written, and how often they may be: 20 at once and one each ten seconds from a node, 3 at
/// once and one each five minutes about an object. Never more than a hundred wait; what is too much is dropped. Not
/// thread-safe; knows no clock.
class EventBacklog {
 public:
  static constexpr std::size_t kMax = 100;
  static constexpr unsigned kBurst = 20;
  static constexpr std::chrono::seconds kInterval{10};
  static constexpr unsigned kObjectBurst = 3;
  static constexpr std::chrono::minutes kObjectInterval{5};
  static constexpr std::chrono::minutes kTooOld{30};  ///< then nobody needs it any more

  struct Waiting {
    ClusterEvent event;
    Moment since;
    Moment from;  ///< not to be written before
  };

  /// Takes an Event in at `now`, to be written at `from` or later. Those about this node go first. False: it, or
  /// another one in its favour, is dropped.
  bool put(ClusterEvent event, Moment now, Moment from);
  /// When `take` is to be called; never: nothing waits.
  [[nodiscard]] std::optional<Moment> due() const;
  /// The one whose turn it is, if it is at `now`.
  [[nodiscard]] std::optional<Waiting> take(Moment now);
  /// It was written, or never will be.
  void done() { backoff_.succeed(); }
  /// It could not be written and is to be tried again behind the others, after `at_least` if that is not too long.
  void put_back(Waiting waiting, Moment now, std::chrono::seconds at_least);

  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  /// How many were dropped since it was last asked.
  [[nodiscard]] std::uint64_t take_dropped() { return std::exchange(dropped_, 0); }

 private:
  static constexpr std::size_t kMaxObjects = 1000;
  [[nodiscard]] bool may_speak_of(const ClusterEvent& event, Moment now);
  void drop_last();

  std::deque<Waiting> waiting_;
  TokenBucket bucket_{kInterval, kBurst};
  TokenBucket node_{kObjectInterval, kObjectBurst};
  std::map<policy::ObjectKey, TokenBucket> objects_;  ///< those that something was said about of late
  Moment sweep_{};  ///< when those may be forgotten that nothing was said about of late
  Backoff backoff_{std::chrono::seconds(1), std::chrono::minutes(1)};
  Moment hold_until_{};
  std::uint64_t dropped_ = 0;
};

}  // namespace selvage::controller

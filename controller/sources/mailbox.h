#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/event_fd.h"
#include "base/mutex.h"
#include "base/result.h"
#include "policy/model/model.h"

namespace selvage::controller {

/// Passes events from a source's threads to the thread that owns all state. Only the latest event about an object
/// waits, so that a slow reader has at most one event for each object. Thread-safe.
class Mailbox {
 public:
  static Result<std::unique_ptr<Mailbox>> open();

  /// Adds events, in order. `complete`, if given, is whether all existing objects were added so far; true at first.
  /// Both are taken together.
  void put(std::vector<policy::Event> events, std::optional<bool> complete = std::nullopt);
  /// The source's first full list is complete; all earlier events belong to it.
  void put_synced();
  /// The source could not be read: its objects stay as they are.
  void put_error(Error why);

  /// Readable while something waits; for poll(2).
  [[nodiscard]] int fd() const { return wake_.get(); }

  struct Contents {
    std::vector<policy::Event> events;  ///< at most one for each object
    /// When each was added, in the order of `events`; where it replaced others, when the first of them was.
    std::vector<Moment> received;
    bool synced = false;   ///< put_synced was called, now or before
    bool complete = true;  ///< the last value given to `put`
    /// The last put_error since the previous call.
    std::optional<Error> error;
  };
  /// Takes everything that waits.
  [[nodiscard]] Contents take();

 private:
  explicit Mailbox(EventFd wake) : wake_(std::move(wake)) {}

  EventFd wake_;
  Mutex mutex_;
  struct Letter {
    policy::Event event;
    Moment received;
  };
  std::map<policy::ObjectKey, Letter> waiting_ GUARDED_BY(mutex_);
  std::optional<Error> error_ GUARDED_BY(mutex_);
  bool synced_ GUARDED_BY(mutex_) = false;
  bool complete_ GUARDED_BY(mutex_) = true;
};

}  // namespace selvage::controller

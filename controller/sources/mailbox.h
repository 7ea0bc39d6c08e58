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

/// Carries events from a source's thread to the one that owns all state. Of several events about one
/// object only the latest waits, so that a slow reader never has more waiting than there are objects.
/// Thread-safe.
class Mailbox {
 public:
  static Result<std::unique_ptr<Mailbox>> open();

  /// Puts events in, in order, and with them, where given, whether what was put so far is all that
  /// there is; it is until somebody says otherwise. Both are taken together.
  void put(std::vector<policy::Event> events, std::optional<bool> complete = std::nullopt);
  /// Says that the source's first full list is in; events put before belong to it.
  void put_synced();
  /// Says that the source could not be read, so that what it said before stays.
  void put_error(Error why);

  /// Readable while something waits; for poll(2).
  [[nodiscard]] int fd() const { return wake_.get(); }

  struct Contents {
    std::vector<policy::Event> events;  ///< at most one for an object
    /// When each was put in, in the order of `events`; of those that it stands for, the first.
    std::vector<Moment> received;
    bool synced = false;   ///< put_synced was called, at any time
    bool complete = true;  ///< as `put` said last
    /// Why the source could not be read, where that was so since the last call.
    std::optional<Error> error;
  };
  /// Takes all that waits.
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

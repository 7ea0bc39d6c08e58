#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace selvage::controller {

/// Calls handlers in one thread when descriptors become readable or deadlines pass. Handlers are called in the order in
/// which they were added, those of descriptors first, and may call `stop`. Not thread-safe.
class PollLoop {
 public:
  using Handler = std::function<void()>;

  /// `fd` is called before each wait; -1: nothing to wait for now. The descriptor must stay open until the next call.
  void on_readable(std::function<int()> fd, Handler handler);
  void on_readable(int fd, Handler handler);
  /// Calls `handler` once in each turn in which `due` has passed.
  void on_due(std::function<std::optional<Moment>()> due, Handler handler);

  /// Calls `waits` before each wait, with its limit if any, and `works` after it.
  void observe(std::function<void(std::optional<Moment> until)> waits, Handler works);

  /// Runs until `stop`. Fails if poll(2) fails.
  Result<void> run();
  /// Makes `run` return after the current handler; no other is called.
  void stop() { stopped_ = true; }

 private:
  struct Descriptor {
    std::function<int()> fd;
    Handler handler;
  };
  struct Timer {
    std::function<std::optional<Moment>()> due;
    Handler handler;
  };
  [[nodiscard]] std::optional<Moment> first_due() const;
  Result<void> turn();

  std::vector<Descriptor> descriptors_;
  std::vector<Timer> timers_;
  std::function<void(std::optional<Moment>)> waits_;
  Handler works_;
  bool stopped_ = false;
};

}  // namespace selvage::controller

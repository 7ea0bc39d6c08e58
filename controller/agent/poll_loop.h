#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace selvage::controller {

/// Calls handlers in one thread, as descriptors get readable and moments come. Handlers are called in the order in
/// which they were added, those of descriptors first, and may call `stop`. Not thread-safe.
class PollLoop {
 public:
  using Handler = std::function<void()>;

  /// `fd` is asked before each wait; -1: nothing to wait for now. What it names stays open until it is asked again.
  void on_readable(std::function<int()> fd, Handler handler);
  void on_readable(int fd, Handler handler);
  /// Calls `handler` once in each turn in which `due` is not after the present.
  void on_due(std::function<std::optional<Moment>()> due, Handler handler);

  /// Tells when the loop begins to wait - until when; nothing: for whatever may come - and when it works again.
  void tell(std::function<void(std::optional<Moment> until)> waits, Handler works);

  /// Runs until `stop`. Fails where poll(2) does.
  Result<void> run();
  /// Makes `run` return when the handler that calls this is done; no other is called.
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

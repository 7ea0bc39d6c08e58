#include <poll.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "base/event_fd.h"
#include "base/mutex.h"
#include "base/signal_mask.h"

namespace selvage {
namespace {

using namespace std::chrono_literals;

bool readable(const EventFd& event, int timeout_ms = 0) {
  pollfd entry{event.get(), POLLIN, 0};
  return poll(&entry, 1, timeout_ms) == 1;
}

sigset_t mask_of_this_thread() {
  sigset_t mask;
  pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

TEST_CASE("an event descriptor is readable from set until clear") {
  const EventFd event = EventFd::open().value();
  CHECK_FALSE(readable(event));
  event.set();
  event.set();
  CHECK(readable(event));
  event.clear();
  CHECK_FALSE(readable(event));
  event.clear();  // does not block
  event.set();
  CHECK(readable(event));
}

TEST_CASE("an event descriptor wakes another thread") {
  const EventFd event = EventFd::open().value();
  std::thread other([&] { event.set(); });
  CHECK(readable(event, 60'000));
  other.join();
}

TEST_CASE("signals are blocked in the scope and in threads started in it") {
  const sigset_t before = mask_of_this_thread();
  sigset_t in_thread;
  sigemptyset(&in_thread);
  {
    const BlockedSignals blocked;
    const sigset_t now = mask_of_this_thread();
    CHECK(sigismember(&now, SIGTERM) == 1);
    CHECK(sigismember(&blocked.before(), SIGTERM) == sigismember(&before, SIGTERM));
    std::thread([&] { in_thread = mask_of_this_thread(); }).join();
  }
  CHECK(sigismember(&in_thread, SIGTERM) == 1);
  const sigset_t after = mask_of_this_thread();
  CHECK(sigismember(&after, SIGTERM) == sigismember(&before, SIGTERM));
}

class Counter {
 public:
  void add() {
    const MutexLock lock(mutex_);
    ++count_;
    changed_.notify_all();
  }
  /// False: not within `limit`.
  bool wait_for(int count, Clock::duration limit) {
    MutexLock lock(mutex_);
    const Moment deadline = Clock::now() + limit;
    while (count_ < count && changed_.wait_until(lock, deadline)) {
    }
    return count_ >= count;
  }

 private:
  Mutex mutex_;
  ConditionVariable changed_;
  int count_ GUARDED_BY(mutex_) = 0;
};

TEST_CASE("a mutex keeps threads apart, and a condition variable wakes the one that waits") {
  Counter counter;
  const auto add_many = [&] {
    for (int i = 0; i < 10'000; ++i) counter.add();
  };
  std::thread one(add_many);
  std::thread two(add_many);
  CHECK(counter.wait_for(20'000, 60s));
  one.join();
  two.join();
}

TEST_CASE("a wait with a deadline ends without a notification") {
  Counter counter;
  CHECK_FALSE(counter.wait_for(1, 1ms));
}

}  // namespace
}  // namespace selvage

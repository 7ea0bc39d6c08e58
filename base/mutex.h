#pragma once

#include <condition_variable>
#include <mutex>

#include "base/clock.h"

/// Attributes for clang's thread safety analysis (-Wthread-safety); other compilers ignore them. libstdc++ does not
/// annotate std::mutex, so the wrappers below do.
#ifdef __clang__
#define SELVAGE_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define SELVAGE_THREAD_ATTRIBUTE(x)
#endif

/// On a member: read and written only while `mutex` is held.
#define GUARDED_BY(mutex) SELVAGE_THREAD_ATTRIBUTE(guarded_by(mutex))
/// On a function: the caller holds `mutex`.
#define REQUIRES(mutex) SELVAGE_THREAD_ATTRIBUTE(requires_capability(mutex))
/// On a function: the caller does not hold `mutex`, since the function locks it.
#define EXCLUDES(mutex) SELVAGE_THREAD_ATTRIBUTE(locks_excluded(mutex))

namespace selvage {

/// std::mutex, known to the analysis. Lock it with MutexLock.
class SELVAGE_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex until the end of the scope.
class SELVAGE_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SELVAGE_THREAD_ATTRIBUTE(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~MutexLock() SELVAGE_THREAD_ATTRIBUTE(release_capability()) = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

/// std::condition_variable over these. No waits with a predicate: the analysis does not see that a lambda runs under
/// the lock. Write the loop, `while (!done_) changed_.wait(lock);`, as waits may also end for no reason.
class ConditionVariable {
 public:
  void wait(MutexLock& lock) { condition_.wait(lock.lock_); }
  /// Until notified or `deadline`, whichever comes first. False: the deadline has passed.
  bool wait_until(MutexLock& lock, Moment deadline) {
    return condition_.wait_until(lock.lock_, deadline) == std::cv_status::no_timeout;
  }
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

 private:
  std::condition_variable condition_;
};

}  // namespace selvage

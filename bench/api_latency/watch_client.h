#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "tests/cluster/api_server.h"

namespace selvage::bench {

/// A minimal client of the API server: watches one collection over one connection and records when events arrive. The
/// additional time of an agent is its own. The destructor ends the watch.
class WatchClient {
 public:
  /// Starts to watch `path` ("/api/v1/pods"), and returns when the server has answered. `server` runs in a namespace
  /// and must outlive this object. Throws std::runtime_error.
  WatchClient(const testing::ApiServer& server, const std::string& path);
  WatchClient(const WatchClient&) = delete;
  WatchClient& operator=(const WatchClient&) = delete;
  ~WatchClient();

  /// Forgets the events so far.
  void begin();
  /// When the first event since begin() arrived, bookmarks excluded; nothing after ten seconds.
  [[nodiscard]] std::optional<Moment> await() const;

 private:
  static std::size_t take(char* bytes, std::size_t one, std::size_t count, void* self);
  void watch(const testing::ApiServer& server, const std::string& target);

  mutable Mutex mutex_;
  std::optional<Moment> first_ GUARDED_BY(mutex_);  ///< when the first event since begin() arrived
  std::string line_ GUARDED_BY(mutex_);             ///< the beginning of the next event
  std::atomic<bool> answered_{false};
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace selvage::bench

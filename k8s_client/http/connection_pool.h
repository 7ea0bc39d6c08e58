#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "k8s_client/http/connection.h"

namespace selvage::k8s_client {

/// Connections that wait for their next request. Thread-safe.
class ConnectionPool {
 public:
  /// One that is still open and was made with these credentials, or none. All others are closed.
  [[nodiscard]] std::unique_ptr<Connection> take(const std::shared_ptr<const TlsCredentials>& credentials);
  /// One that can take the next request.
  void put(std::unique_ptr<Connection> connection);

 private:
  static constexpr std::size_t kMaxIdle = 8;

  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

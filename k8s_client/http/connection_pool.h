#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "k8s_client/http/connection.h"

namespace selvage::k8s_client {

/// Idle connections. Thread-safe.
class ConnectionPool {
 public:
  /// A connection that is still open and was made with these credentials, or nullptr. Closes connections that are not.
  [[nodiscard]] std::unique_ptr<Connection> take(const std::shared_ptr<const TlsCredentials>& credentials);
  /// Adds a connection that can take another request.
  void put(std::unique_ptr<Connection> connection);

 private:
  static constexpr std::size_t kMaxIdle = 8;

  Mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

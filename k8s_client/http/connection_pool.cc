#include "k8s_client/http/connection_pool.h"

#include <utility>

namespace selvage::k8s_client {

std::unique_ptr<Connection> ConnectionPool::take(const std::shared_ptr<const TlsCredentials>& credentials) {
  const MutexLock lock(mutex_);
  std::erase_if(idle_, [&](const auto& one) { return !one->idle() || one->credentials() != credentials; });
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void ConnectionPool::put(std::unique_ptr<Connection> connection) {
  const MutexLock lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(connection));
}

}  // namespace selvage::k8s_client

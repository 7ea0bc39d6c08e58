#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "k8s_client/http/endpoint.h"
#include "k8s_client/http/wait.h"

namespace selvage::k8s_client {

/// Looks up the addresses of one host, and can be stopped at any time: getaddrinfo(3) cannot be interrupted, so it runs
/// in a detached thread, which nothing waits for, not even the end of the process. Concurrent callers share a running
/// lookup, so that at most one thread hangs. Thread-safe.
class Resolver {
 public:
  Resolver(std::string host, std::uint16_t port) : host_(std::move(host)), port_(port) {}

  [[nodiscard]] Result<std::vector<Endpoint>> resolve(const StopSignal& stop, Moment deadline);

 private:
  struct Lookup;
  Result<std::shared_ptr<Lookup>> join_lookup();

  std::string host_;
  std::uint16_t port_;
  Mutex mutex_;
  std::shared_ptr<Lookup> under_way_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

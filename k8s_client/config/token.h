#pragma once

#include <string>

#include "base/mutex.h"
#include "base/result.h"
#include "k8s_client/config/api_config.h"

namespace selvage::k8s_client {

/// The current bearer token. Thread-safe.
class TokenSource {
 public:
  explicit TokenSource(const ApiConfig& config) : file_(config.token_file), token_(config.token) {}

  /// The token in the file, else the last one that could be read, else the config's. Empty: no token is configured. An
  /// error names the file, never its content.
  [[nodiscard]] Result<std::string> current();

 private:
  const std::string file_;
  Mutex mutex_;
  std::string token_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

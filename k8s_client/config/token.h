#pragma once

#include <string>

#include "base/mutex.h"
#include "base/result.h"
#include "k8s_client/config/api_config.h"

namespace selvage::k8s_client {

/// The bearer token of the moment. Thread-safe.
class TokenSource {
 public:
  explicit TokenSource(const ApiConfig& config) : file_(config.token_file), token_(config.token) {}

  /// What the file holds, else what it held when it could last be read, else the config's token. Empty:
  /// there shall be none. An error names the file, never what is in it.
  [[nodiscard]] Result<std::string> current();

 private:
  const std::string file_;
  Mutex mutex_;
  std::string token_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

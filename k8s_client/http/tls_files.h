#pragma once

#include <memory>
#include <string>

#include "base/mutex.h"
#include "base/result.h"
#include "k8s_client/config/api_config.h"
#include "k8s_client/http/tls_credentials.h"

namespace selvage::k8s_client {

/// The TLS credentials of an ApiConfig, reloaded when its files change. Thread-safe.
class TlsFiles {
 public:
  /// Reads the files that the config names, and the rest from the config.
  static Result<std::unique_ptr<TlsFiles>> open(const ApiConfig& config);

  /// The current credentials: another object after a file has changed. While files are unusable (half written, a key
  /// that does not belong to the certificate yet) the last good ones are returned.
  [[nodiscard]] std::shared_ptr<const TlsCredentials> current();

  /// Why the files are unusable at the moment, for messages; empty if they are not.
  [[nodiscard]] std::string last_error() const;

 private:
  explicit TlsFiles(const ApiConfig& config);
  [[nodiscard]] Result<TlsPem> read_files() const REQUIRES(mutex_);
  Result<void> refresh() REQUIRES(mutex_);

  const std::string ca_file_;
  const std::string certificate_file_;
  const std::string key_file_;
  mutable Mutex mutex_;
  TlsPem pem_ GUARDED_BY(mutex_);  ///< the text of `credentials_`
  std::shared_ptr<const TlsCredentials> credentials_ GUARDED_BY(mutex_);
  std::string last_error_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

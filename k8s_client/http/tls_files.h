#pragma once

#include <memory>
#include <string>

#include "base/mutex.h"
#include "base/result.h"
#include "k8s_client/config/api_config.h"
#include "k8s_client/http/tls_credentials.h"

namespace selvage::k8s_client {

/// The TLS credentials of an ApiConfig, kept up with its files. Thread-safe.
class TlsFiles {
 public:
  /// Reads the files that the config names, and the rest from the config.
  static Result<std::unique_ptr<TlsFiles>> open(const ApiConfig& config);

  /// The credentials of the moment: another object once a file's content has changed. Files that cannot
  /// be used (half written, a key that is not the certificate's yet) leave the last good ones in force.
  [[nodiscard]] std::shared_ptr<const TlsCredentials> current();

  /// Why the files are not what is in force, for messages; empty where they are.
  [[nodiscard]] std::string trouble() const;

 private:
  explicit TlsFiles(const ApiConfig& config);
  [[nodiscard]] Result<TlsPem> read_files() const REQUIRES(mutex_);
  Result<void> refresh() REQUIRES(mutex_);

  const std::string ca_file_;
  const std::string certificate_file_;
  const std::string key_file_;
  mutable Mutex mutex_;
  TlsPem pem_ GUARDED_BY(mutex_);  ///< what `credentials_` were made of
  std::shared_ptr<const TlsCredentials> credentials_ GUARDED_BY(mutex_);
  std::string last_error_ GUARDED_BY(mutex_);
};

}  // namespace selvage::k8s_client

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace selvage::k8s_client {

/// A certificate with those that lead to its CA, and its key: PEM.
struct Identity {
  std::string certificate;
  std::string key;
};

/// What a certificate shall say.
struct CertificateWish {
  std::string common_name = "test";
  std::vector<std::string> names;     ///< subjectAltName: "DNS:api.example", "IP:127.0.0.1"
  std::chrono::seconds since{-3600};  ///< from now
  std::chrono::seconds until{3600};   ///< from now
};

/// A certificate authority that exists in memory only. Throws where OpenSSL does not work.
class Authority {
 public:
  explicit Authority(const std::string& name = "test authority");

  /// Its own certificate, PEM.
  [[nodiscard]] std::string pem() const;
  [[nodiscard]] Identity issue(const CertificateWish& wish) const;
  /// One below this one: what it issues has its certificate in the chain.
  [[nodiscard]] Authority subordinate(const std::string& name) const;

 private:
  using Key = std::shared_ptr<EVP_PKEY>;
  using Certificate = std::shared_ptr<X509>;
  Authority(Key key, Certificate certificate, std::string chain);

  Key key_;
  Certificate certificate_;
  std::string chain_;  ///< PEM of this and those above, without the root
};

}  // namespace selvage::k8s_client

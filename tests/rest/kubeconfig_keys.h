#pragma once

#include <string>

namespace selvage::k8s_client {

/// A private key and a certificate that it signed for itself, PEM both.
struct KeyPair {
  std::string certificate;
  std::string key;              ///< PKCS #8, "PRIVATE KEY"
  std::string traditional_key;  ///< "EC PRIVATE KEY", after its parameters, as openssl ecparam writes it
  std::string encrypted_key;    ///< "ENCRYPTED PRIVATE KEY"
};

/// A new pair (P-256). Throws where OpenSSL does not work.
[[nodiscard]] KeyPair make_key_pair();

/// Pairs made once for all tests; no two of them fit together.
[[nodiscard]] const KeyPair& first_pair();
[[nodiscard]] const KeyPair& second_pair();

/// Base64 as kubectl writes it into a kubeconfig: padded, on one line.
[[nodiscard]] std::string base64(const std::string& bytes);

}  // namespace selvage::k8s_client

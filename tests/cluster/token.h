#pragma once

#include <chrono>
#include <string>

namespace selvage::testing {

/// The service account that a token names.
struct ServiceAccount {
  std::string name_space;
  std::string name;
  std::string uid;  ///< the API server compares it with the object's
};

/// A JSON web token (RFC 7519, RS256) as kube-apiserver issues them for the service account, valid from now to
/// `expires`, signed with the RSA key in the PEM file. Throws std::runtime_error when the key cannot be read.
[[nodiscard]] std::string sign_token(const ServiceAccount& account, std::chrono::system_clock::time_point expires,
                                     const std::string& key_file);

}  // namespace selvage::testing

#pragma once

#include <string>

#include "base/result.h"

namespace selvage::k8s_client {

// Checks of PEM (RFC 7468) with OpenSSL. What is no part of the kind asked for is passed over, as Go does:
// certificate and key may share a file. Errors say what is wrong in a few words and quote nothing.

/// At least one certificate, and none that cannot be read.
[[nodiscard]] Result<void> check_certificates(const std::string& pem);

/// A private key that no pass phrase protects.
[[nodiscard]] Result<void> check_private_key(const std::string& pem);

/// Whether the key belongs to the first of the certificates; both as checked above.
[[nodiscard]] bool is_key_of(const std::string& key, const std::string& certificates);

}  // namespace selvage::k8s_client

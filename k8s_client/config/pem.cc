#include "k8s_client/config/pem.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <limits>

namespace selvage::k8s_client {
namespace {

BioPtr open_text(const std::string& text) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return nullptr;
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/// Called where a pass phrase is needed; without it OpenSSL would ask on the terminal.
int note_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

/// Whether reading ended because no further block begins. Empties OpenSSL's queue of errors.
bool reached_end() {
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}

}  // namespace

Result<std::vector<CertificatePtr>> parse_certificates(const std::string& pem) {
  std::vector<CertificatePtr> certificates;
  const BioPtr bio = open_text(pem);
  bool asked = false;
  ERR_clear_error();
  while (bio) {
    CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, note_pass_phrase, &asked));
    if (!certificate) break;
    certificates.push_back(std::move(certificate));
  }
  if (!reached_end()) return fail("certificate " + std::to_string(certificates.size() + 1) + " cannot be read");
  if (certificates.empty()) return fail("no certificate in PEM");
  return certificates;
}

Result<KeyPtr> parse_private_key(const std::string& pem) {
  const BioPtr bio = open_text(pem);
  bool encrypted = false;
  KeyPtr key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, note_pass_phrase, &encrypted) : nullptr);
  ERR_clear_error();
  if (encrypted) return fail("the private key is protected by a pass phrase; write it without one");
  if (!key) return fail("no private key in PEM");
  return key;
}

bool is_key_of(EVP_PKEY* key, X509* certificate) {
  const bool fits = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return fits;
}

Result<void> check_certificates(const std::string& pem) {
  const auto parsed = parse_certificates(pem);
  if (!parsed) return tl::unexpected(parsed.error());
  return {};
}

Result<void> check_private_key(const std::string& pem) {
  const auto parsed = parse_private_key(pem);
  if (!parsed) return tl::unexpected(parsed.error());
  return {};
}

}  // namespace selvage::k8s_client

#include "k8s_client/config/kubeconfig_pem.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace selvage::k8s_client {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Bio open_text(const std::string& text) { return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))); }

/// Called where a pass phrase is needed; without it OpenSSL would ask on the terminal.
int note_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

Certificate next_certificate(BIO* bio) {
  bool asked = false;
  return Certificate(PEM_read_bio_X509(bio, nullptr, note_pass_phrase, &asked));
}

struct ReadKey {
  Key key;
  bool encrypted = false;
};

ReadKey read_key(const std::string& pem) {
  ReadKey read;
  read.key.reset(PEM_read_bio_PrivateKey(open_text(pem).get(), nullptr, note_pass_phrase, &read.encrypted));
  ERR_clear_error();
  return read;
}

}  // namespace

Result<void> check_certificates(const std::string& pem) {
  const Bio bio = open_text(pem);
  std::size_t count = 0;
  ERR_clear_error();
  while (next_certificate(bio.get())) ++count;
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(last) != ERR_LIB_PEM || ERR_GET_REASON(last) != PEM_R_NO_START_LINE) {
    return fail("certificate " + std::to_string(count + 1) + " cannot be read");
  }
  if (count == 0) return fail("no certificate (in PEM: -----BEGIN CERTIFICATE-----)");
  return {};
}

Result<void> check_private_key(const std::string& pem) {
  const ReadKey read = read_key(pem);
  if (read.encrypted) return fail("the private key is protected by a pass phrase; write it without one");
  if (!read.key) return fail("no private key (in PEM: -----BEGIN PRIVATE KEY-----)");
  return {};
}

bool is_key_of(const std::string& key, const std::string& certificates) {
  const Certificate leaf = next_certificate(open_text(certificates).get());
  const Key private_key = read_key(key).key;
  const bool fits = leaf && private_key && X509_check_private_key(leaf.get(), private_key.get()) == 1;
  ERR_clear_error();
  return fits;
}

}  // namespace selvage::k8s_client

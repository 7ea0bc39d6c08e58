#include "tests/rest/kubeconfig_keys.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace selvage::k8s_client {
namespace {

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

void require(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL refuses to make a key or a certificate");
}

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  require(bio && write(bio.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(X509_new());
  require(certificate != nullptr);
  X509* x509 = certificate.get();
  X509_NAME* name = X509_get_subject_name(x509);
  const auto* common_name = reinterpret_cast<const unsigned char*>("selvage-test");
  require(X509_set_version(x509, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(x509), 1) == 1);
  require(X509_gmtime_adj(X509_getm_notBefore(x509), 0) != nullptr);
  require(X509_gmtime_adj(X509_getm_notAfter(x509), 3600) != nullptr);
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1);
  require(X509_set_issuer_name(x509, name) == 1 && X509_set_pubkey(x509, key) == 1);
  require(X509_sign(x509, key, EVP_sha256()) > 0);
  return certificate;
}

/// What `openssl ecparam -genkey` puts before the key.
std::string curve_parameters() {
  return "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
}

}  // namespace

KeyPair make_key_pair() {
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr);
  const Certificate certificate = self_signed(key.get());
  KeyPair pair;
  pair.certificate = pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate.get()); });
  pair.key = pem_of(
      [&](BIO* bio) { return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  pair.traditional_key =
      curve_parameters() + pem_of([&](BIO* bio) {
        return PEM_write_bio_PrivateKey_traditional(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
      });
  pair.encrypted_key = pem_of([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key.get(), EVP_aes_128_cbc(), "pass", 4, nullptr, nullptr);
  });
  return pair;
}

const KeyPair& first_pair() {
  static const KeyPair pair = make_key_pair();
  return pair;
}

const KeyPair& second_pair() {
  static const KeyPair pair = make_key_pair();
  return pair;
}

std::string base64(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with a NUL
  const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
  auto* to = reinterpret_cast<unsigned char*>(text.data());
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(to, from, static_cast<int>(bytes.size()))));
  return text;
}

}  // namespace selvage::k8s_client

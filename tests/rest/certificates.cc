#include "tests/rest/certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <stdexcept>
#include <utility>

namespace selvage::k8s_client {
namespace {

void require(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL makes no certificate");
}

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  require(bio && write(bio.get()) == 1);
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem_of([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}

std::shared_ptr<EVP_PKEY> make_key() {
  std::shared_ptr<EVP_PKEY> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  require(key != nullptr);
  return key;
}

void extend(X509* certificate, int nid, const std::string& value, X509* issuer = nullptr) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer == nullptr ? certificate : issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

/// Everything but the signature.
std::shared_ptr<X509> make_certificate(const CertificateWish& wish, EVP_PKEY* key, X509* issuer) {
  static std::atomic<long> serial = 1;
  std::shared_ptr<X509> certificate(X509_new(), X509_free);
  X509* x509 = certificate.get();
  require(x509 != nullptr && X509_set_version(x509, 2) == 1);
  require(ASN1_INTEGER_set(X509_get_serialNumber(x509), serial++) == 1);
  require(X509_gmtime_adj(X509_getm_notBefore(x509), wish.since.count()) != nullptr);
  require(X509_gmtime_adj(X509_getm_notAfter(x509), wish.until.count()) != nullptr);
  const auto* name = reinterpret_cast<const unsigned char*>(wish.common_name.c_str());
  require(X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1);
  require(X509_set_issuer_name(x509, X509_get_subject_name(issuer == nullptr ? x509 : issuer)) == 1);
  require(X509_set_pubkey(x509, key) == 1);
  // As Go's certificates have them: they tell authorities of one name apart.
  extend(x509, NID_subject_key_identifier, "hash");
  if (issuer != nullptr) extend(x509, NID_authority_key_identifier, "keyid", issuer);
  return certificate;
}

std::shared_ptr<X509> make_ca(const std::string& name, EVP_PKEY* key, X509* issuer) {
  auto certificate = make_certificate({name, {}}, key, issuer);
  extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate.get(), NID_key_usage, "critical,keyCertSign");
  return certificate;
}

}  // namespace

Authority::Authority(Key key, Certificate certificate, std::string chain)
    : key_(std::move(key)), certificate_(std::move(certificate)), chain_(std::move(chain)) {}

Authority::Authority(const std::string& name) : key_(make_key()), certificate_(make_ca(name, key_.get(), nullptr)) {
  require(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) > 0);
}

std::string Authority::pem() const { return pem_of(certificate_.get()); }

Identity Authority::issue(const CertificateWish& wish) const {
  const Key key = make_key();
  const Certificate certificate = make_certificate(wish, key.get(), certificate_.get());
  std::string names;
  for (const auto& name : wish.names) names += (names.empty() ? "" : ",") + name;
  if (!names.empty()) extend(certificate.get(), NID_subject_alt_name, names);
  require(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  return {pem_of(certificate.get()) + chain_, pem_of([&](BIO* bio) {
            return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          })};
}

Authority Authority::subordinate(const std::string& name) const {
  const Key key = make_key();
  const Certificate certificate = make_ca(name, key.get(), certificate_.get());
  require(X509_sign(certificate.get(), key_.get(), EVP_sha256()) > 0);
  return {key, certificate, pem_of(certificate.get()) + chain_};
}

}  // namespace selvage::k8s_client

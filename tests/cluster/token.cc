#include "tests/cluster/token.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace selvage::testing {
namespace {

/// As tests/cluster/rig/prepare tells the API server.
constexpr const char* kIssuer = "https://kubernetes.default.svc.cluster.local";

template <auto Function>
struct Free {
  template <class T>
  void operator()(T* object) const {
    Function(object);
  }
};

/// Base64 with the alphabet of RFC 4648 section 5 and without padding.
std::string base64url(const std::string& bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  text.resize(std::min(text.find('='), text.size()));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

/// RSASSA-PKCS1-v1_5 with SHA-256, "RS256" in RFC 7518.
std::string sign(const std::string& text, const std::string& key_file) {
  const std::unique_ptr<std::FILE, Free<std::fclose>> file(std::fopen(key_file.c_str(), "re"));
  if (!file) throw std::runtime_error("cannot open " + key_file);
  const std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>> key(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  std::string signature(512, '\0');
  std::size_t size = signature.size();
  if (!key || EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                     reinterpret_cast<const unsigned char*>(text.data()), text.size()) != 1)
    throw std::runtime_error("cannot sign with " + key_file);
  signature.resize(size);
  return signature;
}

std::int64_t seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

std::string sign_token(const ServiceAccount& account, std::chrono::system_clock::time_point expires,
                       const std::string& key_file) {
  const std::int64_t now = seconds_of(std::chrono::system_clock::now());
  const nlohmann::json header{{"alg", "RS256"}, {"typ", "JWT"}};
  const nlohmann::json claims{
      {"iss", kIssuer},
      {"aud", {kIssuer}},
      {"sub", "system:serviceaccount:" + account.name_space + ":" + account.name},
      {"iat", now},
      {"nbf", now},
      {"exp", seconds_of(expires)},
      {"kubernetes.io",
       {{"namespace", account.name_space}, {"serviceaccount", {{"name", account.name}, {"uid", account.uid}}}}}};
  const std::string text = base64url(header.dump()) + "." + base64url(claims.dump());
  return text + "." + base64url(sign(text, key_file));
}

}  // namespace selvage::testing

#include "k8s_client/http/tls_fault.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "k8s_client/config/pem.h"

namespace selvage::k8s_client {
namespace {

/// The output of `print`, limited, and without control characters from the server.
template <class Print>
std::string printed(Print print) {
  constexpr std::size_t kMax = 512;
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (!bio || print(bio.get()) != 1) return {};
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  std::string text(data, static_cast<std::size_t>(size > 0 ? size : 0));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (text.size() > kMax) text = text.substr(0, kMax) + "...";
  return text;
}

std::string subject_of(const X509* certificate) {
  return printed([&](BIO* bio) {
    return X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, XN_FLAG_ONELINE) >= 0 ? 1 : 0;
  });
}

std::string names_of(const X509* certificate) {
  const int at = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1);
  if (at < 0) return {};
  return printed([&](BIO* bio) { return X509V3_EXT_print(bio, X509_get_ext(certificate, at), 0, 0); });
}

std::string period_of(const X509* certificate) {
  const auto time = [](const ASN1_TIME* at) { return printed([&](BIO* bio) { return ASN1_TIME_print(bio, at); }); };
  return time(X509_get0_notBefore(certificate)) + " to " + time(X509_get0_notAfter(certificate));
}

/// The remedy for an X509_V_ERR_... code.
std::string remedy(const CertificateFault& fault, const std::string& server_name, const std::string& origin) {
  switch (fault.code) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "it must be for " + server_name + ", and is for " + (fault.names.empty() ? "no name" : fault.names) +
             "; name the server as its certificate does, or set tls-server-name in " + origin;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "it is valid from " + fault.period + "; renew it, or check this node's clock";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "no CA that " + origin + " trusts has signed it; check the certificate authority there";
    default:
      return "check the server's certificate, and the certificate authority in " + origin;
  }
}

/// Whether this is the server's alert that it does not accept the client's certificate, or requires one.
bool refuses_client(int reason) {
  switch (reason) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

}  // namespace

CertificateFault read_fault(X509_STORE_CTX* store) {
  CertificateFault fault;
  fault.code = X509_STORE_CTX_get_error(store);
  if (const X509* at_fault = X509_STORE_CTX_get_current_cert(store)) {
    fault.subject = subject_of(at_fault);
    fault.period = period_of(at_fault);
  }
  if (const X509* servers = X509_STORE_CTX_get0_cert(store)) fault.names = names_of(servers);
  return fault;
}

std::string describe(const CertificateFault& fault, const std::string& server_name, const std::string& origin) {
  const std::string which = fault.subject.empty() ? "" : " (" + fault.subject + ")";
  return "the server's certificate" + which + " is refused: " + X509_verify_cert_error_string(fault.code) + ": " +
         remedy(fault, server_name, origin);
}

std::string describe_tls_error(unsigned long code, const std::string& origin) {
  const char* reason = ERR_reason_error_string(code);
  const std::string text = std::string("TLS: ") + (reason == nullptr ? "failed" : reason);
  if (refuses_client(ERR_GET_REASON(code))) {
    return text + ": the server does not take the client's certificate, or wants one; check that of " + origin;
  }
  if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) return text + ": this may be no port for https";
  return text;
}

}  // namespace selvage::k8s_client

#include "k8s_client/http/failure.h"

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace selvage::k8s_client {
namespace {

/// OpenSSL packs the number of a library into the upper bits, so its codes are not below this.
constexpr std::uint32_t kFirstOpenSslCode = 1U << 23U;

/// Boost's "end of file" and "stream truncated", and the library's codes for a closed connection.
bool means_closed(int code) {
  return code == 1 || code == 2 || code == EPIPE || code == ECONNABORTED || code == ECONNRESET || code == EHOSTUNREACH;
}

/// The errno values about networks. Boost's numbers are smaller.
bool is_network_errno(int code) { return code >= ENETDOWN && code <= EHOSTUNREACH; }

}  // namespace

Error describe(const LibraryFailure& failure, const Connection& connection, const ServerLabel& server) {
  const std::string url = server.url + ": ";
  if (connection.certificate_fault().code != 0) {
    return {url + describe(connection.certificate_fault(), server.name, server.origin), 0};
  }
  if (static_cast<std::uint32_t>(failure.code) >= kFirstOpenSslCode) {
    return {url + describe_tls_error(static_cast<std::uint32_t>(failure.code), server.origin), 0};
  }
  if (means_closed(failure.code)) return {url + "the connection was closed without an answer", ECONNRESET};
  if (is_network_errno(failure.code)) return {url + std::generic_category().message(failure.code), failure.code};
  return {url + failure.what, EPROTO};
}

}  // namespace selvage::k8s_client

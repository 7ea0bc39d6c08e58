#include "k8s_client/http/http_library.h"

// Boost 1.74 lacks this include if the compiler has coroutines.
#include <utility>
// Must follow it.
#include <openssl/x509.h>
#include <pplx/threadpool.h>

#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/signal_mask.h"

namespace selvage::k8s_client {
namespace {

/// Nothing blocks in these threads; the library's default of 40 is for servers.
constexpr std::size_t kThreads = 4;

/// A file without certificates.
constexpr const char* kNowhere = "/dev/null";

/// The environment's original values.
std::map<std::string, std::optional<std::string>>& system_values() {
  static std::map<std::string, std::optional<std::string>> values;
  return values;
}

}  // namespace

void use_system_certificates(bool use) {
  for (const char* name : {X509_get_default_cert_file_env(), X509_get_default_cert_dir_env()}) {
    // NOLINTBEGIN(concurrency-mt-unsafe): the caller keeps other threads away
    const char* value = getenv(name);
    const bool hidden = value != nullptr && std::string_view(value) == kNowhere;
    if (!use && !hidden) {
      system_values()[name] = value == nullptr ? std::nullopt : std::optional<std::string>(value);
      setenv(name, kNowhere, 1);
    } else if (const auto before = system_values().find(name); use && hidden && before != system_values().end()) {
      before->second ? setenv(name, before->second->c_str(), 1) : unsetenv(name);
    }
    // NOLINTEND(concurrency-mt-unsafe)
  }
}

void start_http_library() {
  static std::once_flag started;
  std::call_once(started, [] {
    const BlockedSignals blocked;
    try {
      crossplat::threadpool::initialize_with_threads(kThreads);
    } catch (const std::runtime_error&) {
      return;  // they run already
    }
  });
}

}  // namespace selvage::k8s_client

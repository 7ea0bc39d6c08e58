#include "k8s_client/rest/http_library.h"

// Boost 1.74 forgets this one where the compiler has coroutines.
#include <utility>
// Not before it.
#include <pplx/threadpool.h>

#include <cstddef>
#include <mutex>
#include <stdexcept>

#include "k8s_client/rest/thread.h"

namespace selvage::k8s_client {
namespace {

/// Nothing blocks in these threads; the library's default of 40 is for servers.
constexpr std::size_t kThreads = 4;

}  // namespace

void start_http_library() {
  static std::once_flag started;
  std::call_once(started, [] {
    const NoSignals no_signals;
    try {
      crossplat::threadpool::initialize_with_threads(kThreads);
    } catch (const std::runtime_error&) {
      return;  // they are there already
    }
  });
}

}  // namespace selvage::k8s_client

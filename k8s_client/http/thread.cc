#include "k8s_client/http/thread.h"

#include <system_error>
#include <thread>
#include <utility>

#include "base/signal_mask.h"

namespace selvage::k8s_client {

Result<void> start_detached(std::function<void()> job, const std::string& what) {
  const BlockedSignals blocked;
  try {
    std::thread(std::move(job)).detach();
  } catch (const std::system_error& error) {
    return fail(what + ": cannot start a thread: " + error.what(), error.code().value());
  }
  return {};
}

}  // namespace selvage::k8s_client

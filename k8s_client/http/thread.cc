#include "k8s_client/http/thread.h"

#include <system_error>
#include <thread>
#include <utility>

namespace selvage::k8s_client {

NoSignals::NoSignals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

NoSignals::~NoSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

Result<void> start_detached(std::function<void()> job, const std::string& what) {
  const NoSignals no_signals;
  try {
    std::thread(std::move(job)).detach();
  } catch (const std::system_error& error) {
    return fail(what + ": cannot start a thread: " + error.what(), error.code().value());
  }
  return {};
}

}  // namespace selvage::k8s_client

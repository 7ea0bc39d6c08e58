#include "tests/cluster/pulse.h"

#include <chrono>
#include <stdexcept>
#include <string>

namespace selvage::testing {

Pulse::Pulse(const ApiServer& server) : client_(server), thread_([this] { loop(); }) {}

Pulse::~Pulse() {
  done_ = true;
  thread_.join();
}

void Pulse::loop() {
  for (unsigned beat = 0; !done_; ++beat) {
    const std::string touch = R"({"metadata":{"annotations":{"beat":")" + std::to_string(beat) + "\"}}}";
    try {
      for (const char* path : {"/api/v1/namespaces/prod", "/api/v1/namespaces/prod/pods/other",
                               "/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/api"})
        (void)client_.patch(path, touch);
    } catch (const std::runtime_error&) {
      // The server is away, as the test wants it.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

}  // namespace selvage::testing

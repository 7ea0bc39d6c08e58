#include "tests/rest/hanging_lookup.h"

#include <dlfcn.h>
#include <netdb.h>
#include <unistd.h>

#include <cstring>

#include "tests/rest/transport_fixture.h"

namespace {

selvage::k8s_client::Happening& lookup_begun() {
  static auto* begun = new selvage::k8s_client::Happening;  // the thread that hangs outlives all others
  return *begun;
}

}  // namespace

bool selvage::k8s_client::wait_for_hanging_lookup() { return lookup_begun().wait(); }

/// In place of the C library's: programs go before libraries when names are bound.
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  if (node != nullptr && std::strcmp(node, selvage::k8s_client::kHangingName) == 0 &&
      (hints == nullptr || (hints->ai_flags & AI_NUMERICHOST) == 0)) {
    lookup_begun().set();
    for (;;) pause();
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto kReal = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return kReal(node, service, hints, found);
}

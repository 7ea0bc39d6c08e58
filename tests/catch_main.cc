#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#include <cstdlib>

/// Agents of tests run beside each other and beside an agent of the machine: none may take its socket.
[[maybe_unused]] static const int kNoStatusSocket = setenv("SELVAGE_STATUS_SOCKET", "off", 0);

/// LeakSanitizer's own name for what it is to pass over. cpprestsdk keeps a request's task, some hundred
/// bytes, where the request is abandoned at certain moments.
extern "C" const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" const char*
__lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
  return "leak:libcpprest\nleak:pplx::";
}

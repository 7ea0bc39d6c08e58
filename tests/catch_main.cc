#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

/// LeakSanitizer's own name for what it is to pass over. cpprestsdk keeps a request's task, some hundred
/// bytes, where the request is abandoned at certain moments.
extern "C" const char*
__lsan_default_suppressions();  // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
extern "C" const char*
__lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp)
  return "leak:libcpprest\nleak:pplx::";
}

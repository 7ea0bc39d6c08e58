#pragma once

#include <cstdio>
#include <exception>

namespace selvage::bench {

/// The whole of main() in a measuring program: returns the result of `run`. If it throws, reports that on standard
/// error, with the program's name in front, and returns 1.
inline int run_program(const char* name, int (*run)(int argc, char** argv), int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", name, error.what());
  } catch (...) {
    std::fprintf(stderr, "%s: unknown exception\n", name);
  }
  return 1;
}

}  // namespace selvage::bench

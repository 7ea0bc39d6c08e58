#pragma once

#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "demo/demo.h"

namespace selvage::demo {

/// An exit code of selvage-demo, for --help and the man page.
struct ExitCode {
  const char* code;
  const char* meaning;
};
inline constexpr std::array<ExitCode, 4> kExitCodes = {{
    {"0", "every connection was as expected"},
    {"1", "a connection was not as expected, or the demo could not be run: the reason is on standard error"},
    {"2", "wrong command line; nothing was touched"},
    {"128 + N", "interrupted by signal N"},
}};

/// The command line of selvage-demo. Parsing writes to `options`, which must outlive the result.
[[nodiscard]] std::unique_ptr<CLI::App> make_program(DemoOptions& options);

}  // namespace selvage::demo

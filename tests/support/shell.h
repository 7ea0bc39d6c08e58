#pragma once

#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>

namespace selvage {

/// The output of a shell command (both streams) and its exit status.
struct ShellOutput {
  int status = 0;
  std::string text;
};

/// Runs the command in the calling thread's network namespace and waits for its end.
inline ShellOutput shell(const std::string& command) {
  FILE* const pipe = ::popen(("exec 2>&1; " + command).c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("cannot run: " + command);
  ShellOutput output;
  std::array<char, 4096> chunk{};
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), pipe)) {
    output.text.append(chunk.data(), size);
  }
  const int status = ::pclose(pipe);
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

/// The same, and throws std::runtime_error with the output when the status is not 0.
inline std::string must_run(const std::string& command) {
  ShellOutput output = shell(command);
  if (output.status != 0) throw std::runtime_error(command + ": " + output.text);
  return std::move(output.text);
}

}  // namespace selvage

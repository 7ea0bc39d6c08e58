#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::lab {

class Namespace;

using Argv = std::vector<std::string>;

// Every child leads a process group of its own: Ctrl-C in a terminal reaches only the lab, which ends them in order.

/// Runs argv[0], looked up in PATH, without a shell, with `input` on its standard input, and waits for its end.
/// Returns what it wrote to standard output; an end other than exit 0 is an error that carries its standard error.
Result<std::string> run(const Argv& argv, std::string_view input = {});

/// The same in the network namespace `where`.
Result<std::string> run(const Namespace& where, const Argv& argv, std::string_view input = {});

/// A child process that outlives the call that started it. Move-only. The destructor ends it: SIGTERM, and SIGKILL
/// when it has not gone within five seconds.
class Process {
 public:
  /// Starts argv[0] in `where`, standard output and error appended to the file `log`.
  static Result<Process> start(const Namespace& where, const Argv& argv, const std::filesystem::path& log);

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Its exit status (128 + signal number when a signal ended it), or nothing while it runs after `patience`.
  [[nodiscard]] std::optional<int> wait(std::chrono::milliseconds patience);
  /// Sends `signal` and waits for the end, at most five seconds; then SIGKILL. Returns the exit status as wait() does.
  int stop(int signal);

 private:
  Process(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<int> status_;
};

}  // namespace selvage::lab

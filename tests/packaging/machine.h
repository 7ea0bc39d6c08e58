#pragma once

#include <filesystem>
#include <string>

#include "lab/command.h"
#include "lab/manifest.h"
#include "lab/netns.h"

namespace selvage::testing {

/// A machine in namespaces, with a real systemd as its first process, in a given network namespace. It has a copy of
/// this machine's file system whose changes are kept in memory and removed with this object. None of this machine's
/// services run there; packages can be installed. Operations that fail end the test case.
class Machine {
 public:
  explicit Machine(const lab::Namespace& network);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();

  /// Runs a shell command on the machine.
  [[nodiscard]] Result<std::string> run(const std::string& command) const;
  /// The same; the command must succeed.
  std::string shell(const std::string& command) const;
  /// The path on this machine of a path on that one.
  [[nodiscard]] std::filesystem::path path(const std::string& there) const;
  void write(const std::string& there, const std::string& text) const;
  /// The journal of a service.
  [[nodiscard]] std::string journal(const std::string& unit) const;

 private:
  [[nodiscard]] bool find_first_process();

  const lab::Namespace& network_;
  lab::TemporaryFolder files_;
  std::string name_;
  lab::Process process_;
  std::string first_;  ///< id of the machine's first process
};

}  // namespace selvage::testing

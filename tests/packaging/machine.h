#pragma once

#include <filesystem>
#include <string>

#include "lab/command.h"
#include "lab/manifest.h"
#include "lab/netns.h"

namespace selvage::testing {

/// A machine in namespaces, with a real systemd as its first process: a copy of this machine's file system, whose
/// changes are in memory and go with this object, in the network namespace given. No service of this machine runs on
/// it; packages can be installed. What is asked here and cannot be done fails the test case.
class Machine {
 public:
  explicit Machine(const lab::Namespace& network);
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine();

  /// Runs a shell command there.
  [[nodiscard]] Result<std::string> run(const std::string& command) const;
  /// The same; it must succeed.
  std::string shell(const std::string& command) const;
  /// A path of that machine, as this one sees it.
  [[nodiscard]] std::filesystem::path path(const std::string& there) const;
  void write(const std::string& there, const std::string& text) const;
  /// What the service has logged.
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

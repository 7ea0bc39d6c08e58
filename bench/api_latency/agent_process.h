#pragma once

#include <string>

#include "base/clock.h"
#include "lab/command.h"
#include "lab/node.h"

namespace selvage::bench {

/// Bytes of a process' memory (/proc/PID/status).
struct Memory {
  std::size_t resident = 0;            ///< VmRSS
  std::size_t most_resident = 0;       ///< VmHWM
  std::size_t resident_anonymous = 0;  ///< RssAnon: without what comes from files, which processes share
};

/// `selvage agent` as it runs in production, in a node's namespace. The destructor stops it; the tables stay.
class AgentProcess {
 public:
  /// Starts it. Throws std::runtime_error.
  AgentProcess(const lab::Node& node, const std::string& node_name, const std::string& kubeconfig,
               const std::string& log);

  /// Just before it was started.
  [[nodiscard]] Moment started() const { return started_; }
  /// Time on processors so far, of all its threads, user and system. Throws std::runtime_error where it has ended.
  [[nodiscard]] Clock::duration cpu_time() const;
  /// Throws std::runtime_error where it has ended.
  [[nodiscard]] Memory memory() const;

 private:
  Moment started_ = Clock::now();
  lab::Process process_;
};

/// Removes Selvage's tables from the node. Throws std::runtime_error.
void clean_up(const lab::Node& node);

}  // namespace selvage::bench

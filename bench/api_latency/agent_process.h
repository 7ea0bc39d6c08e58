#pragma once

#include <string>

#include "base/clock.h"
#include "lab/command.h"
#include "lab/node.h"

namespace selvage::bench {

/// Bytes of a process' memory (/proc/PID/status).
struct Memory {
  std::size_t resident = 0;            ///< VmRSS
  std::size_t max_resident = 0;        ///< VmHWM
  std::size_t resident_anonymous = 0;  ///< RssAnon: without file pages, which processes share
};

/// `selvage agent` as it runs in production, in a node's namespace. The destructor stops it; the tables stay.
class AgentProcess {
 public:
  /// Starts it. Throws std::runtime_error.
  AgentProcess(const lab::Node& node, const std::string& node_name, const std::string& kubeconfig,
               const std::string& log);

  /// The moment just before its start.
  [[nodiscard]] Moment started() const { return started_; }
  /// CPU time of all its threads so far, user and system. Throws std::runtime_error when it has ended.
  [[nodiscard]] Clock::duration cpu_time() const;
  /// Throws std::runtime_error when it has ended.
  [[nodiscard]] Memory memory() const;

 private:
  Moment started_ = Clock::now();
  lab::Process process_;
};

/// Deletes Selvage's tables from the node. Throws std::runtime_error.
void clean_up(const lab::Node& node);

}  // namespace selvage::bench

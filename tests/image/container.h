#pragma once

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/command.h"
#include "lab/manifest.h"
#include "lab/netns.h"

namespace selvage::testing {

/// Settings of a container; by default those of the chart.
struct ContainerOptions {
  lab::Argv arguments;                                     ///< after the image's entry point
  std::string manifests = {};                              ///< a folder to mount at /manifests
  unsigned user = 65532;                                   ///< also its group
  std::vector<std::string> capabilities{"CAP_NET_ADMIN"};  ///< the only ones
};

/// A container of the image on a node's network, run by runc as containerd does for the chart's securityContext: no new
/// privileges, a read-only root file system, masked and read-only parts of /proc, the system calls of a runtime's
/// default profile, and a tmpfs at /run/selvage. The destructor ends and removes it.
class Container {
 public:
  Container(const lab::Namespace& node, const ContainerOptions& options);
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  ~Container();

  /// Waits up to a minute for its end; the exit code.
  int wait();
  /// Ends it as a kubelet does; the exit code.
  int stop() { return process_->stop(SIGTERM); }
  /// The output of a command in it, as by `kubectl exec`; the error has the command's message.
  [[nodiscard]] Result<std::string> exec(const lab::Argv& command) const;
  /// Its output so far.
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] lab::Argv runc(const lab::Argv& command) const;

  const lab::Namespace& node_;
  lab::TemporaryFolder files_;
  std::string name_;
  std::optional<lab::Process> process_;
};

}  // namespace selvage::testing

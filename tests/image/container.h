#pragma once

#include <csignal>
#include <nlohmann/json.hpp>
#include <string>

#include "lab/command.h"
#include "lab/manifest.h"
#include "lab/netns.h"

namespace selvage::testing {

/// How a container runs beside what the image says; by default as the chart's.
struct ContainerOptions {
  lab::Argv arguments;                                     ///< after the image's entry point
  std::string manifests = {};                              ///< a folder that stands at /manifests in it
  unsigned user = 65532;                                   ///< also its group
  std::vector<std::string> capabilities{"CAP_NET_ADMIN"};  ///< all that it has
};

/// A container of the image on a node's network, by runc, with what containerd asks of it for the chart's
/// securityContext: no new privileges, a root file system that cannot be written, masked and read-only parts of /proc,
/// the system calls of a runtime's default profile, and a tmpfs at /run/selvage. Ended and removed by the destructor.
class Container {
 public:
  Container(const lab::Namespace& node, const ContainerOptions& options);
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;
  ~Container();

  /// Exit code, once it has ended; it has a minute.
  int wait();
  /// Ends it as a kubelet does; exit code.
  int stop() { return process_->stop(SIGTERM); }
  /// What `kubectl exec` would print; the error has the program's words.
  [[nodiscard]] Result<std::string> exec(const lab::Argv& command) const;
  /// What it has written so far.
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] lab::Argv runc(const lab::Argv& command) const;

  const lab::Namespace& node_;
  lab::TemporaryFolder files_;
  std::string name_;
  std::optional<lab::Process> process_;
};

}  // namespace selvage::testing

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "lab/node.h"

namespace selvage::testing {

/// A `hostPort` of a pod, over TCP.
struct HostPort {
  std::uint16_t host = 0;
  std::uint16_t pod = 0;
};

/// Connects pods as the container runtime of a Flannel node does: with the plugins of containernetworking-plugins, by
/// the configuration that flannel's own plugin (flannel-io/cni-plugin, flannel_linux.go) makes from what flanneld
/// wrote, and then portmap, as in kube-flannel.yml. flannel's plugin does nothing else; Go's module proxy does not have
/// it.
class Cni {
 public:
  /// `folder` belongs to the node; the plugins see it as /var/lib.
  Cni(const lab::Namespace& node, std::filesystem::path subnet_file, std::filesystem::path folder);

  /// Gives `pod` an eth0 and returns its addresses.
  [[nodiscard]] Result<lab::Addresses> add(const lab::Namespace& pod, const std::vector<HostPort>& ports) const;

 private:
  [[nodiscard]] Result<std::string> call(const std::string& plugin, const lab::Namespace& pod,
                                         const std::string& config) const;

  const lab::Namespace& node_;
  std::filesystem::path subnet_file_;
  std::filesystem::path folder_;
};

}  // namespace selvage::testing

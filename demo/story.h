#pragma once

#include <string>
#include <vector>

#include "lab/endpoint.h"
#include "lab/manifest.h"

/// The demo's story: its pods, its steps, and the expected connections at each, written by hand and thus independent of
/// the code that works policies out.
namespace selvage::demo::story {

inline constexpr const char* kNode = "demo-node";

/// The pods without addresses; each serves all its ports.
std::vector<lab::PodManifest> pods();

/// A column of the matrix: a port of a pod.
struct Target {
  std::string pod;
  lab::Transport transport = lab::Transport::tcp;
  std::uint16_t port = 0;

  /// "api:9090", "dns:53/UDP".
  [[nodiscard]] std::string title() const;
};
std::vector<Target> targets();

/// The rows of the matrix, names of pods.
std::vector<std::string> sources();

/// One change of the cluster and the connections that work after it.
struct Step {
  std::string title;
  std::string change;                          ///< what changed, for the reader
  std::vector<std::string> policies;           ///< files of the examples folder that are applied now
  std::vector<lab::PodManifest> changed_pods;  ///< pods that are written again, without addresses
  std::vector<std::string> expected;           ///< a row per source, a letter per target: y, n, or . for none
};
std::vector<Step> steps();

}  // namespace selvage::demo::story

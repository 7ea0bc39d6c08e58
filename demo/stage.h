#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "demo/demo.h"
#include "demo/matrix.h"
#include "demo/progress.h"
#include "demo/story.h"
#include "lab/command.h"
#include "lab/echo.h"
#include "lab/node.h"
#include "lab/probe.h"

namespace selvage::demo {

/// The stage of the demo: a node, its pods with their servers, a manifest folder, and the agent that follows it.
/// Move-only; the destructor removes everything.
class Stage {
 public:
  /// Makes all of it and starts the agent; needs root. First removes namespaces that dead processes left behind.
  static Result<Stage> build(const DemoOptions& options, const Progress& progress);

  /// Writes what `step` changes into the manifest folder.
  [[nodiscard]] Result<void> apply(const story::Step& step) const;
  /// Measures every connection of the matrix once.
  [[nodiscard]] Result<Matrix> measure(const story::Step& step) const;
  /// Waits up to `patience` for the agent to end; an end is an error that holds the agent's log.
  [[nodiscard]] Result<void> watch_agent(lab::milliseconds patience);
  /// The agent's log so far.
  [[nodiscard]] std::string agent_log() const;
  /// Commands with which to look around.
  [[nodiscard]] std::string tour() const;

 private:
  Stage(const DemoOptions& options, lab::TemporaryFolder folder, lab::Underlay underlay, lab::Node node)
      : options_(options), folder_(std::move(folder)), underlay_(std::move(underlay)), node_(std::move(node)) {}
  Result<void> add_pods(const Progress& progress);
  Result<void> start_agent();
  /// Both families of each cell, in the order of the cells.
  [[nodiscard]] std::vector<lab::Probe> probes_of(const Matrix& matrix) const;
  [[nodiscard]] std::filesystem::path manifests() const { return folder_.path() / "manifests"; }
  [[nodiscard]] Result<void> write_pod(lab::PodManifest pod) const;
  [[nodiscard]] Result<void> copy_example(const std::string& file) const;

  DemoOptions options_;
  lab::TemporaryFolder folder_;
  lab::Underlay underlay_;
  lab::Node node_;
  std::map<std::string, const lab::Host*> hosts_;
  std::unique_ptr<lab::EchoService> echo_ = std::make_unique<lab::EchoService>();
  std::optional<lab::Process> agent_;
};

}  // namespace selvage::demo

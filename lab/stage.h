#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "lab/command.h"
#include "lab/demo.h"
#include "lab/echo.h"
#include "lab/matrix.h"
#include "lab/node.h"
#include "lab/probe.h"
#include "lab/story.h"

namespace selvage::lab {

/// The stage of the demo: a node, its pods with their servers, a manifest folder, and the agent that follows it.
/// Move-only; the destructor removes everything.
class Stage {
 public:
  /// Makes all of it and starts the agent; needs root. Namespaces that dead processes left are swept first.
  static Result<Stage> build(const DemoOptions& options);

  /// Writes what `step` changes into the manifest folder.
  [[nodiscard]] Result<void> apply(const story::Step& step) const;
  /// Measures every connection of the matrix once.
  [[nodiscard]] Result<Matrix> measure(const story::Step& step) const;
  /// Waits as long as `patience` for the agent to end, which is an error that holds its log.
  [[nodiscard]] Result<void> watch_agent(milliseconds patience);
  /// What the agent has written so far.
  [[nodiscard]] std::string agent_log() const;
  /// How to look around, for the reader.
  [[nodiscard]] std::string tour() const;

 private:
  Stage(const DemoOptions& options, TemporaryFolder folder, Underlay underlay, Node node)
      : options_(options), folder_(std::move(folder)), underlay_(std::move(underlay)), node_(std::move(node)) {}
  Result<void> add_pods();
  Result<void> start_agent();
  /// Both families of each cell, in the order of the cells.
  [[nodiscard]] std::vector<Probe> probes_of(const Matrix& matrix) const;
  [[nodiscard]] std::filesystem::path manifests() const { return folder_.path() / "manifests"; }
  [[nodiscard]] Result<void> write_pod(PodManifest pod) const;
  [[nodiscard]] Result<void> copy_example(const std::string& file) const;

  DemoOptions options_;
  TemporaryFolder folder_;
  Underlay underlay_;
  Node node_;
  std::map<std::string, const Host*> hosts_;
  std::unique_ptr<EchoService> echo_ = std::make_unique<EchoService>();
  std::optional<Process> agent_;
};

}  // namespace selvage::lab

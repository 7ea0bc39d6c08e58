#include "demo/stage.h"

#include <unistd.h>

#include <cerrno>

namespace selvage::demo {
namespace {

constexpr lab::milliseconds kDeniedPatience{300};
constexpr lab::milliseconds kAllowedPatience{3000};

/// The table of `step` with nothing measured yet.
Matrix expected_matrix(const story::Step& step) {
  Matrix matrix{{}, story::sources(), {}};
  for (const story::Target& target : story::targets()) matrix.columns.push_back(target.title());
  for (const std::string& letters : step.expected) {
    auto& row = matrix.cells.emplace_back(letters.size());
    for (std::size_t column = 0; column < letters.size(); ++column)
      if (letters[column] != '.') row[column] = MatrixCell{letters[column] == 'y'};
  }
  return matrix;
}

}  // namespace

Result<Stage> Stage::build(const DemoOptions& options, const Progress& progress) {
  if (geteuid() != 0) return fail("the demo makes network namespaces: run it as root", EPERM);
  progress.show("building the node");
  lab::sweep_leftovers();
  Result<lab::TemporaryFolder> folder = lab::TemporaryFolder::create();
  if (!folder) return tl::unexpected<Error>(folder.error());
  Result<lab::Underlay> underlay = lab::Underlay::create();
  if (!underlay) return tl::unexpected<Error>(underlay.error());
  Result<lab::Node> node = lab::Node::create(*underlay, 1);
  if (!node) return tl::unexpected<Error>(node.error());
  Stage stage(options, std::move(*folder), std::move(*underlay), std::move(*node));
  std::error_code error;
  std::filesystem::create_directory(stage.manifests(), error);
  if (const Result<void> done = stage.add_pods(progress); !done) return tl::unexpected<Error>(done.error());
  if (const Result<void> done = stage.copy_example("namespaces.yaml"); !done)
    return tl::unexpected<Error>(done.error());
  if (const Result<void> done = stage.start_agent(); !done) return tl::unexpected<Error>(done.error());
  return stage;
}

Result<void> Stage::add_pods(const Progress& progress) {
  const std::vector<lab::PodManifest> pods = story::pods();
  for (const lab::PodManifest& pod : pods) {
    progress.show("building the node: pod " + std::to_string(hosts_.size() + 1) + " of " + std::to_string(pods.size()));
    const Result<lab::Host*> host = node_.add_pod(pod.name);
    if (!host) return tl::unexpected<Error>(host.error());
    hosts_[pod.name] = *host;
    for (const lab::ManifestPort& port : pod.ports) {
      const Result<void> served = echo_->serve((*host)->space, port.transport, port.number);
      if (!served) return served;
    }
    if (const Result<void> written = write_pod(pod); !written) return written;
  }
  return {};
}

Result<void> Stage::start_agent() {
  const lab::Argv command{options_.agent, "agent", "--manifests", manifests(), "--node", story::kNode};
  Result<lab::Process> agent = lab::Process::start(node_.space(), command, folder_.path() / "agent.log");
  if (!agent) return tl::unexpected<Error>(agent.error());
  agent_.emplace(std::move(*agent));
  return {};
}

Result<void> Stage::write_pod(lab::PodManifest pod) const {
  const lab::Addresses& own = hosts_.at(pod.name)->addresses;
  pod.addresses = {own.v4, own.v6};
  return lab::write_whole(manifests() / ("pod-" + pod.name + ".yaml"), pod.to_yaml());
}

Result<void> Stage::copy_example(const std::string& file) const {
  const Result<std::string> content = lab::read_whole(options_.examples / file);
  if (!content) return fail("the examples folder", content.error());
  return lab::write_whole(manifests() / file, *content);
}

Result<void> Stage::apply(const story::Step& step) const {
  for (const std::string& file : step.policies)
    if (const Result<void> done = copy_example(file); !done) return done;
  for (const lab::PodManifest& pod : step.changed_pods)
    if (const Result<void> done = write_pod(pod); !done) return done;
  return {};
}

Result<Matrix> Stage::measure(const story::Step& step) const {
  Matrix matrix = expected_matrix(step);
  const auto outcomes = lab::run_probes(probes_of(matrix));
  if (!outcomes) return tl::unexpected<Error>(outcomes.error());
  auto next = outcomes->begin();
  for (auto& row : matrix.cells)
    for (auto& cell : row) {
      if (!cell) continue;
      cell->v4 = *next++ == lab::Outcome::answered;
      cell->v6 = *next++ == lab::Outcome::answered;
    }
  return matrix;
}

std::vector<lab::Probe> Stage::probes_of(const Matrix& matrix) const {
  const std::vector<story::Target> targets = story::targets();
  std::vector<lab::Probe> probes;
  for (std::size_t row = 0; row < matrix.rows.size(); ++row)
    for (std::size_t column = 0; column < targets.size(); ++column) {
      const std::optional<MatrixCell>& cell = matrix.cells[row][column];
      if (!cell) continue;
      const story::Target& target = targets[column];
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        probes.push_back({&hosts_.at(matrix.rows[row])->space, target.transport,
                          lab::Endpoint{hosts_.at(target.pod)->addresses.of(family), target.port},
                          cell->expected ? kAllowedPatience : kDeniedPatience});
    }
  return probes;
}

Result<void> Stage::watch_agent(lab::milliseconds patience) {
  const std::optional<int> status = agent_->wait(patience);
  if (!status) return {};
  return fail("the agent ended with exit code " + std::to_string(*status) + "; its log:\n" + agent_log());
}

std::string Stage::agent_log() const { return lab::read_whole(folder_.path() / "agent.log").value_or(""); }

std::string Stage::tour() const {
  std::string text = "Kept until Ctrl-C. Look around with:\n  ip netns exec " + node_.space().name() +
                     " nft list table inet selvage\n";
  for (const auto& [name, host] : hosts_)
    text += "  ip netns exec " + host->space.name() + " ip address    # " + name + ", " +
            host->addresses.v4.to_string() + "\n";
  return text + "  manifests: " + manifests().string() + "\n";
}

}  // namespace selvage::demo

#include "controller/agent/self_check_node.h"

#include <poll.h>
#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <memory>
#include <span>
#include <thread>

#include "controller/agent/enforcer.h"
#include "controller/node/pod_bridges.h"
#include "controller/sources/mailbox.h"
#include "controller/sources/source.h"
#include "controller/sync/staged_table.h"
#include "k8s_client/manifests/manifest_folder.h"
#include "nft/kernel/netlink_kernel.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

/// Time limit for the first full list of the API server; the log has the reason for delays.
constexpr auto kListPatience = 30s;

/// Time for an agent to commit its latest changes.
constexpr auto kRecheckDelay = 1s;

/// Reads the objects of a folder or an API server.
class ObjectReader {
 public:
  explicit ObjectReader(const AgentOptions& options)
      : options_(options),
        folder_(options.manifests),
        stages_(options.staged ? policy::Mode::staged : policy::Mode::enforced) {}

  /// Brings the compiler up to date with the enforced policies. True: all objects were valid.
  Result<bool> refresh(policy::Compiler& compiler) {
    auto complete = options_.manifests.empty() ? from_api(compiler) : from_folder(compiler);
    if (complete) compiler.update();
    return complete;
  }
  [[nodiscard]] const policy::Stages& stages() const { return stages_; }

 private:
  Result<bool> from_folder(policy::Compiler& compiler) {
    const auto changes = folder_.rescan();
    if (!changes) return tl::unexpected(changes.error());
    for (const auto& error : changes->errors) spdlog::error("{}", k8s_client::to_string(error));
    take(changes->events, compiler);
    complete_ = complete_ && changes->errors.empty();
    return complete_;
  }

  Result<bool> from_api(policy::Compiler& compiler) {
    if (source_ == nullptr) {
      if (auto started = start(); !started) return tl::unexpected(started.error());
    }
    const Moment deadline = Clock::now() + kListPatience;
    do {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (!synced_ && left <= 0) return fail("no full list from the API server", ETIMEDOUT);
      pollfd waiting{mailbox_->fd(), POLLIN, 0};
      const int ready = ::poll(&waiting, 1, synced_ ? 0 : static_cast<int>(left));
      if (ready < 0 && errno != EINTR) return fail_errno("poll", errno);
      const Mailbox::Contents mail = mailbox_->take();
      take(mail.events, compiler);
      synced_ = synced_ || mail.synced;
    } while (!synced_);
    return !source_->refused_any();
  }

  void take(const std::vector<policy::Event>& events, policy::Compiler& compiler) {
    for (const auto& event : stages_.take(events).enforced) compiler.apply(event);
  }

  Result<void> start() {
    auto mailbox = Mailbox::open();
    if (!mailbox) return tl::unexpected(mailbox.error());
    mailbox_ = std::move(*mailbox);
    auto source = start_api_source(options_, *mailbox_, {metrics_, health_});
    if (!source) return tl::unexpected(source.error());
    source_ = std::move(*source);
    return {};
  }

  const AgentOptions& options_;
  k8s_client::ManifestFolder folder_;
  policy::Stages stages_;
  bool complete_ = true;
  std::unique_ptr<Mailbox> mailbox_;
  telemetry::Metrics metrics_{{}, Clock::now()};  ///< not served
  telemetry::Health health_;
  std::unique_ptr<ApiSource> source_;  ///< writes to the mailbox until it is destroyed
  bool synced_ = false;
};

/// The desired tables, without ownership: an agent owns them while it runs.
Result<nft::Ruleset> wanted_tables(const AgentOptions& options, RenderOptions render_with,
                                   const policy::Compiler& compiler) {
  if (options.pod_bridges.empty()) {
    const auto bridges = host::list_bridges();
    if (!bridges) return tl::unexpected(bridges.error());
    render_with.pod_bridges = find_pod_bridges(*bridges, compiler.result());
  }
  return render(
      compiler.result(), [&](policy::PodId id) { return compiler.pod_name(id); }, render_with);
}

Result<nft::Ruleset> tables_there(nft::Kernel& kernel, std::span<const nft::TableKey> tables) {
  auto have = kernel.read(tables);
  if (!have) return have;
  for (auto& [key, table] : *have) table.ownership = nft::Ownership::open;
  return have;
}

/// The differences of the table of staged policies.
Result<nft::Differences> check_staged(const AgentOptions& options, const RenderOptions& render_with,
                                      const policy::Stages& stages, const policy::Inventory& known,
                                      nft::Kernel& kernel) {
  const auto have = tables_there(kernel, std::array{kStagedTable});
  if (!have) return tl::unexpected(have.error());
  StagedTable staged(kernel, options.node, render_with);
  staged.apply({}, stages, known);
  return staged.differences(*have);
}

}  // namespace

Result<NodeCheck> check_node(const AgentOptions& options, std::uint64_t seed) {
  AgentOptions unowned = options;
  unowned.table_owner = TableOwner::off;
  const auto render_with = render_options(unowned);
  if (!render_with) return tl::unexpected(render_with.error());
  const auto kernel = nft::NetlinkKernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  ObjectReader objects(options);
  policy::Compiler compiler(options.node);
  for (int attempt = 1;; ++attempt) {
    const auto complete = objects.refresh(compiler);
    if (!complete) return tl::unexpected(complete.error());
    const auto have = tables_there(**kernel, std::array{kInetTable, kBridgeTable});
    if (!have) return tl::unexpected(have.error());
    const auto want = wanted_tables(options, *render_with, compiler);
    if (!want) return tl::unexpected(want.error());
    SelfCheckOptions checking;
    checking.seed = seed;
    NodeCheck result{self_check(*have, *want, compiler, checking), *complete};
    auto staged = check_staged(options, *render_with, objects.stages(), compiler.inventory(), **kernel);
    if (!staged) return tl::unexpected(staged.error());
    result.report.differences.merge(*staged);
    if (result.report.divergent() == 0 || attempt == 2) return result;
    std::this_thread::sleep_for(kRecheckDelay);
  }
}

}  // namespace selvage::controller

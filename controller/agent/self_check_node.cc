#include "controller/agent/self_check_node.h"

#include <spdlog/spdlog.h>

#include <array>
#include <optional>
#include <span>
#include <thread>

#include "controller/agent/enforcer.h"
#include "controller/node/pod_bridges.h"
#include "controller/sources/feed.h"
#include "controller/sync/staged_table.h"
#include "controller/tables/table_layout.h"
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
      : options_(options), stages_(options.staged ? policy::Mode::staged : policy::Mode::enforced) {}

  /// Brings the compiler up to date with the enforced policies; the first time with a full list. True: nothing was
  /// refused.
  Result<bool> refresh(policy::Compiler& compiler) {
    if (auto read = feed_ ? read_changes(compiler) : read_first_list(compiler); !read) {
      return tl::unexpected(read.error());
    }
    return !feed_->refused_any();
  }
  [[nodiscard]] const policy::Stages& stages() const { return stages_; }

 private:
  Result<void> read_first_list(policy::Compiler& compiler) {
    auto feed = Feed::start(options_, {metrics_, health_});
    if (!feed) return tl::unexpected(feed.error());
    feed_.emplace(std::move(*feed));
    return feed_->await_first_list([&](const Mailbox::Contents& mail) { take(mail.events, compiler); },
                                   {Clock::now() + kListPatience});
  }

  Result<void> read_changes(policy::Compiler& compiler) {
    const Mailbox::Contents mail = feed_->take();
    if (mail.error) return tl::unexpected(*mail.error);
    take(mail.events, compiler);
    return {};
  }

  void take(const std::vector<policy::Event>& events, policy::Compiler& compiler) {
    for (const auto& event : stages_.take(events).enforced) compiler.apply(event);
  }

  const AgentOptions& options_;
  policy::Stages stages_;
  telemetry::Metrics metrics_{{}, Clock::now()};  ///< not served
  telemetry::Health health_;
  std::optional<Feed> feed_;
};

/// The desired tables beside those that are there, without ownership: an agent owns them while it runs.
Result<nft::Ruleset> wanted_tables(const AgentOptions& options, RenderOptions render_with,
                                   const policy::Snapshot& snapshot, const nft::Ruleset& have) {
  if (options.pod_bridges.empty()) {
    const auto bridges = host::list_bridges();
    if (!bridges) return tl::unexpected(bridges.error());
    render_with.pod_bridges = find_pod_bridges(*bridges, snapshot.result());
  }
  nft::Ruleset want = render(
      snapshot.result(), [&](policy::PodId id) { return snapshot.pod_name(id); }, render_with);
  return with_fast_path_of(std::move(want), have);
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
  staged.apply({}, stages, [&]() -> const policy::Inventory& { return known; });
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
    const policy::Snapshot& snapshot = compiler.update();
    const auto want = wanted_tables(options, *render_with, snapshot, *have);
    if (!want) return tl::unexpected(want.error());
    SelfCheckOptions checking;
    checking.seed = seed;
    NodeCheck result{self_check(*have, *want, snapshot, checking), *complete};
    auto staged = check_staged(options, *render_with, objects.stages(), snapshot.inventory(), **kernel);
    if (!staged) return tl::unexpected(staged.error());
    result.report.differences.merge(*staged);
    if (result.report.divergent() == 0 || attempt == 2) return result;
    std::this_thread::sleep_for(kRecheckDelay);
  }
}

}  // namespace selvage::controller

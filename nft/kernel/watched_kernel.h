#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/ruleset_monitor.h"

namespace selvage::nft {

/// The running kernel, and what others do to our tables in it. As NetlinkKernel otherwise.
class WatchedKernel : public Kernel {
 public:
  /// Fails as NetlinkKernel::open does. `tables` are those that only we may change.
  static Result<std::unique_ptr<WatchedKernel>> open(std::vector<TableKey> tables);

  Result<Ruleset> read(std::span<const TableKey> tables) override { return kernel_->read(tables); }
  /// A large plan is committed while nobody listens, which is a quarter faster; whether somebody else
  /// came between is then told by the ruleset's generation. Fails, beside the reasons of
  /// NetlinkKernel, when listening could not begin again.
  CommitResult commit(const Plan& plan) override;

  /// Readable when there may be something to take; for poll(2). Not after a commit: ask then.
  [[nodiscard]] int fd() const { return monitor_.fd(); }
  /// What others did since the last call; does not wait.
  [[nodiscard]] Interference take_interference();

 private:
  WatchedKernel(std::unique_ptr<NetlinkKernel> kernel, RulesetMonitor monitor)
      : kernel_(std::move(kernel)), monitor_(std::move(monitor)) {}
  CommitResult commit_unheard(const Plan& plan);
  Result<void> listen_again();

  std::unique_ptr<NetlinkKernel> kernel_;
  RulesetMonitor monitor_;
  bool gap_ = false;   ///< somebody may have changed something while nobody listened
  bool deaf_ = false;  ///< listening could not begin again
};

}  // namespace selvage::nft

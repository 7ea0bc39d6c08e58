#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/ruleset_monitor.h"

namespace selvage::nft {

/// NetlinkKernel that also reports what others do to our tables.
class WatchedKernel : public Kernel {
 public:
  /// Fails as NetlinkKernel::open does. `tables`: those that only we may change.
  static Result<std::unique_ptr<WatchedKernel>> open(std::vector<TableKey> tables);

  Result<Ruleset> read(std::span<const TableKey> tables) override { return kernel_->read(tables); }
  /// A large plan is committed without listening, which is a quarter faster; the ruleset's generation then shows
  /// whether another program made changes meanwhile. Fails, beside the reasons of NetlinkKernel, when listening cannot
  /// be resumed.
  CommitResult commit(const Plan& plan) override;

  /// Readable when `take` may have something; for poll(2). After a commit it may not be: call `take` then.
  [[nodiscard]] int fd() const { return monitor_.fd(); }
  /// The changes of others since the last call; does not wait.
  [[nodiscard]] Interference take_interference();

 private:
  WatchedKernel(std::unique_ptr<NetlinkKernel> kernel, RulesetMonitor monitor)
      : kernel_(std::move(kernel)), monitor_(std::move(monitor)) {}
  CommitResult commit_unheard(const Plan& plan);
  Result<void> listen_again();

  std::unique_ptr<NetlinkKernel> kernel_;
  RulesetMonitor monitor_;
  bool gap_ = false;   ///< others may have made changes while we did not listen
  bool deaf_ = false;  ///< listening could not be resumed
};

}  // namespace selvage::nft

#include "nft/watched_kernel.h"

#include <utility>

namespace selvage::nft {
namespace {

/// From so many elements on it is cheaper not to listen.
constexpr std::size_t kLargePlan = 1000;

}  // namespace

Result<std::unique_ptr<WatchedKernel>> WatchedKernel::open(std::vector<TableKey> tables) {
  auto kernel = NetlinkKernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  auto monitor = RulesetMonitor::open(std::move(tables), (*kernel)->port());
  if (!monitor) return tl::unexpected(monitor.error());
  return std::unique_ptr<WatchedKernel>(new WatchedKernel(std::move(*kernel), std::move(*monitor)));
}

Result<void> WatchedKernel::commit(const Plan& plan) {
  return size_of(plan).elements < kLargePlan ? kernel_->commit(plan) : commit_unheard(plan);
}

Result<void> WatchedKernel::commit_unheard(const Plan& plan) {
  const auto before = kernel_->generation();
  const bool deaf = before && monitor_.listen(false);
  auto done = kernel_->commit(plan);
  if (!deaf) return done;
  const auto listening = monitor_.listen(true);
  const auto after = kernel_->generation();
  // A plan that is refused leaves the generation as it is; whoever asked reads back anyway.
  const bool alone = listening && after && done && *after == *before + 1;
  gap_ = gap_ || !alone;
  return done;
}

Interference WatchedKernel::take_interference() {
  Interference found = monitor_.take();
  found.unknown = std::exchange(gap_, false) || found.unknown;
  return found;
}

}  // namespace selvage::nft

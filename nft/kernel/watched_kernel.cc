#include "nft/kernel/watched_kernel.h"

#include <utility>

namespace selvage::nft {
namespace {

/// Number of elements from which on it is cheaper not to listen.
constexpr std::size_t kLargePlan = 1000;

}  // namespace

Result<std::unique_ptr<WatchedKernel>> WatchedKernel::open(std::vector<TableKey> tables) {
  auto kernel = NetlinkKernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  auto monitor = RulesetMonitor::open(std::move(tables), (*kernel)->port());
  if (!monitor) return tl::unexpected(monitor.error());
  return std::unique_ptr<WatchedKernel>(new WatchedKernel(std::move(*kernel), std::move(*monitor)));
}

CommitResult WatchedKernel::commit(const Plan& plan) {
  if (deaf_) {
    if (auto listening = listen_again(); !listening) return tl::unexpected(listening.error());
  }
  return size_of(plan).elements < kLargePlan ? kernel_->commit(plan) : commit_unheard(plan);
}

Result<void> WatchedKernel::listen_again() {
  auto listening = monitor_.listen(true);
  deaf_ = !listening;
  gap_ = true;
  return listening;
}

CommitResult WatchedKernel::commit_unheard(const Plan& plan) {
  const auto before = kernel_->generation();
  if (!before || !monitor_.listen(false)) return kernel_->commit(plan);
  auto done = kernel_->commit(plan);
  // Listening starts before the generation is read, so no change between the two is missed.
  auto listening = monitor_.listen(true);
  deaf_ = !listening;
  const auto after = kernel_->generation();
  const bool alone = after && *after == *before + (done ? 1 : 0);
  gap_ = gap_ || !alone;
  if (done && !listening) return tl::unexpected(listening.error());
  return done;
}

Interference WatchedKernel::take_interference() {
  Interference found = monitor_.take();
  found.unknown = std::exchange(gap_, false) || found.unknown;
  return found;
}

}  // namespace selvage::nft

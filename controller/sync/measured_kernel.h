#pragma once

#include "nft/plan/kernel.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Decorates a kernel: the duration of each transaction goes to the metrics.
class MeasuredKernel : public nft::Kernel {
 public:
  /// Both must outlive this object.
  MeasuredKernel(nft::Kernel& kernel, telemetry::Metrics& metrics) : kernel_(kernel), metrics_(metrics) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override { return kernel_.read(tables); }
  nft::CommitResult commit(const nft::Plan& plan) override {
    if (plan.empty()) return kernel_.commit(plan);
    const Moment begun = Clock::now();
    auto committed = kernel_.commit(plan);
    metrics_.committed(Clock::now() - begun);
    return committed;
  }

  [[nodiscard]] bool judges_packets() const override { return kernel_.judges_packets(); }

 private:
  nft::Kernel& kernel_;
  telemetry::Metrics& metrics_;
};

}  // namespace selvage::controller

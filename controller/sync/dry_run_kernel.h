#pragma once

#include <iosfwd>

#include "nft/plan/kernel.h"

namespace selvage::controller {

/// A kernel that reads but only prints what it would commit: the plan as nft(8) commands and the resulting tables.
/// Later plans build on what was printed, as if it had been committed. Ownership is no part of the output.
class DryRunKernel : public nft::Kernel {
 public:
  /// Both must outlive this object. `inner` may be nullptr: then there are no tables at first. Tables that are read
  /// count as having this ownership.
  DryRunKernel(nft::Kernel* inner, std::ostream& out, nft::Ownership ownership = nft::Ownership::open)
      : inner_(inner), out_(out), ownership_(ownership) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override;
  nft::CommitResult commit(const nft::Plan& plan) override;
  [[nodiscard]] bool judges_packets() const override { return false; }

 private:
  nft::Kernel* inner_;
  std::ostream& out_;
  nft::Ownership ownership_;
  nft::Ruleset ruleset_;
  bool loaded_ = false;
};

}  // namespace selvage::controller

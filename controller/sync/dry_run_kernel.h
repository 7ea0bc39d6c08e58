#pragma once

#include <iosfwd>

#include "nft/plan/kernel.h"

namespace selvage::controller {

/// A kernel that reads for real and only prints what it would commit: the plan as nft(8) commands
/// and the tables as they would be then. Goes on from what it printed, as if it had been committed.
/// Takes the place of the agent that owns the tables, where one does: a plan is not about who may change them.
class DryRunKernel : public nft::Kernel {
 public:
  /// Both must outlive this object. `inner` may be nullptr: then nothing is there at first. Tables that are read have
  /// this ownership already.
  DryRunKernel(nft::Kernel* inner, std::ostream& out, nft::Ownership ownership = nft::Ownership::open)
      : inner_(inner), out_(out), ownership_(ownership) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override;
  nft::CommitResult commit(const nft::Plan& plan) override;

 private:
  nft::Kernel* inner_;
  std::ostream& out_;
  nft::Ownership ownership_;
  nft::Ruleset ruleset_;
  bool loaded_ = false;
};

}  // namespace selvage::controller

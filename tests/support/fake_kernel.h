#pragma once

#include <cstddef>
#include <optional>

#include "nft/plan/kernel.h"

namespace selvage::nft {

/// A kernel that is a value: it accepts and refuses plans as the real one does (`apply` of nft/plan/plan.h), all or
/// nothing. tests/nft holds both to one contract.
class FakeKernel : public Kernel {
 public:
  FakeKernel() = default;
  explicit FakeKernel(Ruleset ruleset) : ruleset_(std::move(ruleset)) {}

  Result<Ruleset> read(std::span<const TableKey> tables) override;
  CommitResult commit(const Plan& plan) override;

  /// Refuses the next commit of a plan that is not empty, with this errno.
  void refuse_next_commit(int code) { fault_ = code; }
  /// Ends the owners of all tables.
  void end_owners();
  /// All tables.
  [[nodiscard]] const Ruleset& ruleset() const { return ruleset_; }
  /// For changes by other programs.
  [[nodiscard]] Ruleset& ruleset() { return ruleset_; }
  /// Number of transactions that took place, empty ones excluded.
  [[nodiscard]] std::size_t commits() const { return commits_; }

 private:
  Ruleset ruleset_;
  std::optional<int> fault_;
  std::size_t commits_ = 0;
};

}  // namespace selvage::nft

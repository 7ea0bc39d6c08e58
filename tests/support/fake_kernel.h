#pragma once

#include <cstddef>
#include <optional>

#include "nft/plan/kernel.h"

namespace selvage::nft {

/// A kernel that is a value: it takes and refuses what the real one does (nft/plan.h, `apply`), all
/// or nothing. tests/nft holds both to one contract.
class FakeKernel : public Kernel {
 public:
  FakeKernel() = default;
  explicit FakeKernel(Ruleset ruleset) : ruleset_(std::move(ruleset)) {}

  Result<Ruleset> read(std::span<const TableKey> tables) override;
  CommitResult commit(const Plan& plan) override;

  /// The next commit of a plan that is not empty is refused with this errno and changes nothing.
  void refuse_next_commit(int code) { fault_ = code; }
  /// The owner of all tables that have one ends, whoever it is.
  void end_labels();
  /// Everything that is there now.
  [[nodiscard]] const Ruleset& ruleset() const { return ruleset_; }
  /// For what others do to the tables behind our back.
  [[nodiscard]] Ruleset& ruleset() { return ruleset_; }
  /// How many transactions have been carried out (empty and refused ones do not count).
  [[nodiscard]] std::size_t commits() const { return commits_; }

 private:
  Ruleset ruleset_;
  std::optional<int> fault_;
  std::size_t commits_ = 0;
};

}  // namespace selvage::nft

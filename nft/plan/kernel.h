#pragma once

#include <span>

#include "base/result.h"
#include "nft/plan/commit_result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// The kernel's nf_tables, as much as is needed of it: the seam behind which a fake can stand (it
/// behaves like the kernel; tests/nft holds one contract suite that both pass).
/// Not thread-safe; one thread uses one object.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  /// Reads those of `tables` that exist, whole, with elements. One consistent state of them: repeated
  /// when they changed in between.
  virtual Result<Ruleset> read(std::span<const TableKey> tables) = 0;

  /// Carries the plan out as one transaction: all of it or, on an error, nothing. An empty plan
  /// does not touch the kernel. The error names the operation (and the element) that was refused
  /// first, and lists all parts that were; `Error::code` is the kernel's errno.
  virtual CommitResult commit(const Plan& plan) = 0;
};

}  // namespace selvage::nft

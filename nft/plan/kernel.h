#pragma once

#include <span>

#include "base/result.h"
#include "nft/plan/commit_result.h"
#include "nft/plan/plan.h"

namespace selvage::nft {

/// The needed part of the kernel's nf_tables, as an interface: the real kernel, decorators, or a fake that behaves like
/// the kernel (both pass the contract suite in tests/nft). Not thread-safe; one thread uses one object.
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  /// Reads those of `tables` that exist, with all elements, in one consistent state: repeats the read when they changed
  /// meanwhile.
  virtual Result<Ruleset> read(std::span<const TableKey> tables) = 0;

  /// Commits the plan as one transaction: all of it or, on an error, nothing. An empty plan does not touch the kernel.
  /// The error names the first refused operation (and element) and lists all refused parts; `Error::code` is the
  /// kernel's errno.
  virtual CommitResult commit(const Plan& plan) = 0;

  /// Whether packets are judged by the tables, also while they change.
  [[nodiscard]] virtual bool judges_packets() const { return true; }
};

}  // namespace selvage::nft

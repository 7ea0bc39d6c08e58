#pragma once

#include <utility>
#include <vector>

#include "base/result.h"
#include "nft/plan/plan_part.h"

namespace selvage::nft {

/// A part of a plan, and the errno that the kernel refused it with.
struct RefusedPart {
  PlanPart part;
  int code = 0;
  friend auto operator<=>(const RefusedPart&, const RefusedPart&) = default;
};

/// Why a transaction did not take place. The message and the code are those of the first part that was
/// refused.
struct CommitError : Error {
  /// From any error: nothing says which part is to blame.
  CommitError(Error cause) : Error(std::move(cause)) {}  // NOLINT(google-explicit-constructor)
  CommitError(Error cause, std::vector<RefusedPart> refused) : Error(std::move(cause)), parts(std::move(refused)) {}

  /// Every part that was refused, as far as the kernel tells, in the order in which it met them: it goes
  /// on after one, so that what comes after may be refused as a consequence (the elements of a set that
  /// was refused); of elements that reach it in one message it tells the first. Empty where the
  /// transaction was refused as a whole (no right, no memory, the answer lost).
  std::vector<RefusedPart> parts;
};

/// How a transaction ended. Where nobody asks for the parts, it is a `Result<void>`.
class [[nodiscard]] CommitResult : public tl::expected<void, CommitError> {
 public:
  using tl::expected<void, CommitError>::expected;
  operator Result<void>() const {  // NOLINT(google-explicit-constructor)
    if (has_value()) return {};
    return fail(error().message, error().code);
  }
};

}  // namespace selvage::nft

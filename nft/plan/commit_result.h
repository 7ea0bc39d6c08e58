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

/// Why a transaction did not take place. Message and code are those of the first refused part.
struct CommitError : Error {
  /// From any error, without a refused part.
  CommitError(Error cause) : Error(std::move(cause)) {}  // NOLINT(google-explicit-constructor)
  CommitError(Error cause, std::vector<RefusedPart> refused) : Error(std::move(cause)), parts(std::move(refused)) {}

  /// Every refused part that the kernel reported, in its order. The kernel continues after a refusal, so later parts
  /// may be refused as a consequence (the elements of a refused set); of the elements in one message it reports the
  /// first. Empty when the transaction was refused as a whole (not permitted, no memory, the answer lost).
  std::vector<RefusedPart> parts;
};

/// The outcome of a transaction. Converts to `Result<void>` for callers that do not need the parts.
class [[nodiscard]] CommitResult : public tl::expected<void, CommitError> {
 public:
  using tl::expected<void, CommitError>::expected;
  operator Result<void>() const {  // NOLINT(google-explicit-constructor)
    if (has_value()) return {};
    return fail(error().message, error().code);
  }
};

}  // namespace selvage::nft

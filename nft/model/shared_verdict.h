#pragma once

#include <map>
#include <memory>
#include <utility>

#include "nft/model/expression.h"

namespace selvage::nft {

/// The verdict of a map's element; null: none. Shared, since a map of tens of thousands of elements names few chains.
/// Compare with `same_verdict`, not with ==, which compares addresses.
using SharedVerdict = std::shared_ptr<const Verdict>;

[[nodiscard]] inline SharedVerdict share(Verdict verdict) {
  return std::make_shared<const Verdict>(std::move(verdict));
}

/// Whether both are equal verdicts, or both none.
[[nodiscard]] inline bool same_verdict(const SharedVerdict& a, const SharedVerdict& b) {
  return a == b || (a && b && *a == *b);
}

/// Holds one shared verdict of each value.
class SharedVerdicts {
 public:
  [[nodiscard]] SharedVerdict share(const Verdict& verdict) {
    SharedVerdict& shared = shared_[verdict];
    if (!shared) shared = nft::share(verdict);
    return shared;
  }

 private:
  std::map<Verdict, SharedVerdict> shared_;
};

}  // namespace selvage::nft

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "nft/model/expression.h"

namespace selvage::nft {

/// A verdict, or none, as std::optional has it, but copies share it: a map names few chains, for tens of thousands of
/// elements. What is in it cannot be changed. Compares by value.
class SharedVerdict {
 public:
  SharedVerdict() = default;
  // Like std::optional's, so that elements are written the same way.
  SharedVerdict(std::nullopt_t /*none*/) {}  // NOLINT(google-explicit-constructor)
  SharedVerdict(Verdict verdict)             // NOLINT(google-explicit-constructor)
      : verdict_(std::make_shared<const Verdict>(std::move(verdict))) {}

  [[nodiscard]] bool has_value() const { return verdict_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  const Verdict& operator*() const { return *verdict_; }
  const Verdict* operator->() const { return verdict_.get(); }

  friend bool operator==(const SharedVerdict& a, const SharedVerdict& b) {
    return a.verdict_ == b.verdict_ || (a && b && *a == *b);
  }

 private:
  std::shared_ptr<const Verdict> verdict_;
};

/// Has one of each verdict to be shared.
class SharedVerdicts {
 public:
  [[nodiscard]] SharedVerdict share(const Verdict& verdict) {
    return shared_.try_emplace(verdict, verdict).first->second;
  }

 private:
  std::map<Verdict, SharedVerdict> shared_;
};

}  // namespace selvage::nft

#pragma once

#include "k8s_client/decode/unsupported_policies.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Reports policies of other APIs, which are not enforced: by a metric, and by a warning for each type with more
/// objects than before. Not thread-safe.
class UnsupportedPolicies {
 public:
  /// `metrics` must outlive this object.
  explicit UnsupportedPolicies(telemetry::Metrics& metrics) : metrics_(metrics) {}

  /// `counts` are all that exist now.
  void set(const k8s_client::UnsupportedCounts& counts);
  /// `counts` exist now; the numbers of other types are not known and stay as they were.
  void update(const k8s_client::UnsupportedCounts& counts);

 private:
  void log(const k8s_client::TypeName& type, std::size_t before, std::size_t now) const;
  void set_metric() const;

  telemetry::Metrics& metrics_;
  k8s_client::UnsupportedCounts known_;  ///< including types whose objects are all gone
};

}  // namespace selvage::controller

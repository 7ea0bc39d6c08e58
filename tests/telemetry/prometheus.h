#pragma once

#include <map>
#include <optional>
#include <string>

#include "telemetry/http_listener.h"
#include "tests/cluster/child.h"
#include "tests/k8s_client/temporary_folder.h"

namespace selvage::telemetry {

/// A real Prometheus in the calling thread's network namespace, which must be its own, that scrapes one address five
/// times a second; gone with this object, storage included. Failures throw std::runtime_error.
class Prometheus {
 public:
  explicit Prometheus(const HttpAddress& target);

  /// The value of a PromQL expression that has one sample. Nothing: it has none now.
  [[nodiscard]] std::optional<double> value(const std::string& expression) const;
  /// The same, waits until there is one.
  [[nodiscard]] double wait_for(const std::string& expression) const;

 private:
  k8s_client::TemporaryFolder folder_;
  std::optional<testing::Child> child_;
};

}  // namespace selvage::telemetry

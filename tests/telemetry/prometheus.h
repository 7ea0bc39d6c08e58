#pragma once

#include <map>
#include <optional>
#include <string>

#include "telemetry/http_listener.h"
#include "tests/cluster/child.h"
#include "tests/k8s_client/temporary_folder.h"

namespace selvage::telemetry {

/// A real Prometheus in the calling thread's network namespace, which must be its own. It scrapes one address five
/// times a second. The destructor removes it with its storage. Failures throw std::runtime_error.
class Prometheus {
 public:
  explicit Prometheus(const HttpAddress& target);

  /// The value of a PromQL expression with one sample. Nothing: no sample yet.
  [[nodiscard]] std::optional<double> value(const std::string& expression) const;
  /// The same, waiting for a sample.
  [[nodiscard]] double wait_for(const std::string& expression) const;

 private:
  k8s_client::TemporaryFolder folder_;
  std::optional<testing::Child> child_;
};

}  // namespace selvage::telemetry

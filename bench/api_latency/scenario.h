#pragma once

#include <cstdint>
#include <string>

#include "lab/node.h"
#include "tests/cluster/api_client.h"

namespace selvage::bench {

/// The object that a change is made to.
enum class ChangeKind : std::uint8_t { policy, pod_labels, namespace_labels };

/// "policy created or deleted" and so on.
[[nodiscard]] const char* to_string(ChangeKind kind);
/// The collection that shows the change.
[[nodiscard]] const char* collection_of(ChangeKind kind);

/// The port, UDP, on which the client pod sends to the server pod.
inline constexpr std::uint16_t kFlowPort = 9999;

/// A client and a server pod in two namespaces of the generated cluster, subject to its policies, and policies that
/// deny their connection unless one of three conditions holds: a further policy exists, the client has a label, the
/// client's namespace has a label. At first none is.
class Scenario {
 public:
  /// Creates pods and policies. `client` must outlive this object. Every member throws std::runtime_error.
  Scenario(testing::ApiClient& api, const lab::Host& client, const lab::Host& server);

  /// Makes one of the three conditions true or false; returns when the API server has accepted the change.
  void change(ChangeKind kind, bool allow);

 private:
  testing::ApiClient& api_;
};

}  // namespace selvage::bench

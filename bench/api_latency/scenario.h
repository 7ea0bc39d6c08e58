#pragma once

#include <cstdint>
#include <string>

#include "lab/node.h"
#include "tests/cluster/api_client.h"

namespace selvage::bench {

/// What a change is made to.
enum class ChangeKind : std::uint8_t { policy, pod_labels, namespace_labels };

/// "policy created or deleted" and so on.
[[nodiscard]] const char* to_string(ChangeKind kind);
/// The collection that it shows in.
[[nodiscard]] const char* collection_of(ChangeKind kind);

/// The port, UDP, on which the client pod sends to the server pod.
inline constexpr std::uint16_t kFlowPort = 9999;

/// A client and a server pod, in two namespaces of the made-up cluster and subject to its policies too, and policies
/// that deny their flow unless one of three things is so: a further policy exists, the client has a label, the client's
/// namespace has a label. At first none is.
class Scenario {
 public:
  /// Creates pods and policies. `client` outlives this. Throws std::runtime_error, as all here does.
  Scenario(testing::ApiClient& api, const lab::Host& client, const lab::Host& server);

  /// Makes one of the three things so, or undoes it; returns when the API server has accepted it.
  void change(ChangeKind kind, bool allow);

 private:
  testing::ApiClient& api_;
};

}  // namespace selvage::bench

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "policy/model/model.h"

/// The cluster in which packets are measured: one pod sends, one is isolated and receives.
namespace selvage::bench {

inline constexpr const char* kSceneNode = "node-1";
inline constexpr std::size_t kScenePods = 30;  ///< pods of the node, the two measured ones included
inline constexpr std::uint16_t kAllowedPort = 5201;
inline constexpr std::uint16_t kDeniedPort = 5199;

/// One point on the axes.
struct Scene {
  bool vxlan = false;         ///< the pods are on two nodes; else they share a node's bridge
  std::size_t policies = 0;   ///< that select the receiver
  std::size_t pods = 10'000;  ///< on other nodes
  std::size_t blocks = 0;     ///< CIDR blocks in the rule that allows the sender; 0: it is allowed by its labels
  bool range = false;         ///< the port is allowed by a range

  friend bool operator==(const Scene&, const Scene&) = default;
};

/// The objects. One policy in the middle of the list lets `sender` reach the receiver at kAllowedPort over TCP and UDP;
/// the others have other ports, and four of them select the sender as a peer, too, by its namespace, app or stage.
/// Without policies everything is allowed.
[[nodiscard]] std::vector<policy::Object> make_scene(const Scene& scene, const IpAddress& sender,
                                                     const IpAddress& receiver);

}  // namespace selvage::bench

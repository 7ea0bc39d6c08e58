#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/model/model.h"

/// A generated cluster of a given size; deterministic.
namespace selvage::bench {

inline constexpr const char* kNode = "node-0";
inline constexpr std::size_t kNamespaces = 50;
inline constexpr std::size_t kLocalPods = 110;
inline constexpr std::size_t kAppsPerNamespace = 10;

/// `pods` pods, `kLocalPods` of them on `kNode`, the rest on nodes of 110; `policies` policies spread
/// over the namespaces: by labels of the own and of other namespaces, address blocks, port ranges.
[[nodiscard]] std::vector<policy::Object> make_world(std::size_t pods, std::size_t policies);

/// Pod number `index`. It is on `kNode` when `index` < kLocalPods.
[[nodiscard]] policy::Pod make_pod(std::size_t index);
/// Policy number `index`.
[[nodiscard]] policy::NetworkPolicy make_policy(std::size_t index);

}  // namespace selvage::bench

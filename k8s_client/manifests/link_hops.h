#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace selvage::k8s_client {

/// A name in a directory that determines where a path leads.
struct Hop {
  std::string directory;  ///< absolute, exists
  std::string name;       ///< in it
};

/// The names that are looked up on the way along `path`, those of symbolic links' targets included, up to the last one
/// or the first that does not exist. `path` leads elsewhere only when one of them changes.
[[nodiscard]] std::vector<Hop> link_hops(std::string_view path);

}  // namespace selvage::k8s_client

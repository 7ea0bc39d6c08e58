#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace selvage::k8s_client {

/// A name in a directory that decides where a path leads.
struct Hop {
  std::string directory;  ///< absolute, exists
  std::string name;       ///< in it
};

/// The names that a walk along `path` looks up, those of symbolic links' targets included, up to the
/// last one or the first that is not there. A change of where `path` leads is a change of one of
/// these names.
[[nodiscard]] std::vector<Hop> link_hops(std::string_view path);

}  // namespace selvage::k8s_client

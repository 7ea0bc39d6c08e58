#include "listing.h"

#include <algorithm>
#include <sstream>

namespace selvage::packets {
namespace {

bool is_begin(const std::string& line) {
  return line.starts_with("\tset ") || line.starts_with("\tmap ") || line.starts_with("\tchain ");
}

/// The sets `cut`, `fastpath-state` and `fastpath-pods` without their elements.
std::string without_connections(const std::string& block) {
  const bool lives = block.starts_with("inet\tset cut {") || block.starts_with("inet\tset fastpath-");
  return lives ? block.substr(0, std::min(block.find("\t\telements = "), block.find("\n\t}") + 1)) : block;
}

}  // namespace

std::vector<std::string> listing(Cluster& cluster, unsigned node) {
  std::vector<std::string> blocks;
  for (const char* family : {"inet", "bridge"}) {
    const auto text = run(cluster.node(node).space(), {"nft", "-s", "list", "table", family, "selvage"});
    if (!text) return {};
    blocks.emplace_back(family);
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with('\t') || line.starts_with("\tflags owner")) continue;
      if (is_begin(line)) blocks.emplace_back(family);
      blocks.back() += line + "\n";
    }
  }
  std::transform(blocks.begin(), blocks.end(), blocks.begin(), without_connections);
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

}  // namespace selvage::packets

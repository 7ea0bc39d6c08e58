#include "listing.h"

#include <algorithm>
#include <sstream>

namespace selvage::packets {

std::vector<std::string> listing(Cluster& cluster, unsigned node) {
  std::vector<std::string> blocks;
  for (const char* family : {"inet", "bridge"}) {
    const auto text = run(cluster.node(node).space(), {"nft", "-s", "list", "table", family, "selvage"});
    if (!text) return {};
    blocks.emplace_back(family);
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with('\t') || line.starts_with("\tflags owner")) continue;
      const bool begins = line.starts_with("\tset ") || line.starts_with("\tmap ") || line.starts_with("\tchain ");
      if (begins) blocks.emplace_back(family);
      blocks.back() += line + "\n";
    }
  }
  std::sort(blocks.begin(), blocks.end());
  return blocks;
}

}  // namespace selvage::packets

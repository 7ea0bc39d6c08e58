#include "k8s_client/manifests/link_hops.h"

#include <sys/stat.h>

#include <deque>
#include <filesystem>

namespace selvage::k8s_client {
namespace {

namespace fs = std::filesystem;

/// As the kernel: path_resolution(7).
constexpr int kMaxLinks = 40;

void prepend(std::deque<std::string>& names, const fs::path& path) {
  const auto parts = path.relative_path();
  names.insert(names.begin(), parts.begin(), parts.end());
}

}  // namespace

std::vector<Hop> link_hops(std::string_view path) {
  std::error_code error;
  std::deque<std::string> names;
  prepend(names, fs::absolute(path, error));
  std::vector<Hop> hops;
  fs::path reached = "/";
  for (int links = 0; !names.empty() && links <= kMaxLinks;) {
    const std::string name = names.front();
    names.pop_front();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      reached = reached.parent_path();
      continue;
    }
    const fs::path here = reached / name;
    const fs::file_type type = fs::symlink_status(here, error).type();
    hops.push_back({reached, name});
    if (error || type == fs::file_type::not_found) break;
    if (type != fs::file_type::symlink) {
      reached = here;
      continue;
    }
    ++links;
    const fs::path target = fs::read_symlink(here, error);
    if (target.is_absolute()) reached = "/";
    prepend(names, target);
  }
  return hops;
}

}  // namespace selvage::k8s_client

#include "tests/cluster/cluster_folder.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace selvage::testing {
namespace {

constexpr std::string_view kPrefix = "selvage-test-cluster-";

/// Whether the folder is named after a process that is gone.
bool is_left_over(const std::string& name) {
  if (!name.starts_with(kPrefix)) return false;
  const pid_t owner = std::atoi(name.c_str() + kPrefix.size());
  return owner > 0 && ::kill(owner, 0) != 0 && errno == ESRCH;
}

void sweep(const std::filesystem::path& where) {
  std::error_code ignored;  // of other users, or removed by another test meanwhile
  for (const auto& entry : std::filesystem::directory_iterator(where, ignored)) {
    if (is_left_over(entry.path().filename().string())) std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace

ClusterFolder::ClusterFolder() {
  const std::filesystem::path where = std::filesystem::temp_directory_path();
  sweep(where);
  std::string name = (where / kPrefix).string() + std::to_string(::getpid()) + "-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
  path_ = name;
}

ClusterFolder::~ClusterFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace selvage::testing

#pragma once

#include <string>

namespace selvage::testing {

/// A temporary folder, named after this process, for one cluster's keys, data and logs: tens of megabytes. So what
/// processes that are dead by now left is removed whenever a new one is made.
class ClusterFolder {
 public:
  /// Throws std::runtime_error.
  ClusterFolder();
  ClusterFolder(const ClusterFolder&) = delete;
  ClusterFolder& operator=(const ClusterFolder&) = delete;
  ~ClusterFolder();

  /// Absolute path of a file in it.
  [[nodiscard]] std::string path(const std::string& name) const { return path_ + "/" + name; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace selvage::testing

#pragma once

#include <filesystem>
#include <string>

#include "lab/manifest.h"

namespace selvage::testing {

/// The Debian package made by CPack (test "package: made by CPack").
[[nodiscard]] std::filesystem::path package_file();

/// The unpacked files of the package. The destructor removes them.
class PackageTree {
 public:
  PackageTree();

  /// A path of the package, such as "/usr/sbin/selvage".
  [[nodiscard]] std::filesystem::path path(const std::string& there) const { return folder_.path().string() + there; }

 private:
  lab::TemporaryFolder folder_;
};

/// The output of a shell command, which must succeed.
std::string must_shell(const std::string& command);

}  // namespace selvage::testing

#pragma once

#include <filesystem>
#include <string>

#include "lab/manifest.h"

namespace selvage::testing {

/// The Debian package that CPack has made (test "package: made by CPack").
[[nodiscard]] std::filesystem::path package_file();

/// The files of the package, unpacked; removed with this object.
class PackageTree {
 public:
  PackageTree();

  /// A path of the package, such as "/usr/sbin/selvage".
  [[nodiscard]] std::filesystem::path path(const std::string& there) const { return folder_.path().string() + there; }

 private:
  lab::TemporaryFolder folder_;
};

/// Runs a shell command; what it printed. It must succeed.
std::string must_shell(const std::string& command);

}  // namespace selvage::testing

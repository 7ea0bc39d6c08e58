#include "tests/packaging/package.h"

#include <catch2/catch.hpp>

#include "lab/command.h"

namespace selvage::testing {

std::filesystem::path package_file() {
  for (const auto& entry : std::filesystem::directory_iterator(SELVAGE_PACKAGE_FOLDER))
    if (entry.path().extension() == ".deb") return entry.path();
  FAIL("no package in " SELVAGE_PACKAGE_FOLDER);
  return {};
}

PackageTree::PackageTree() : folder_(lab::TemporaryFolder::create().value()) {
  must_shell("dpkg-deb --extract '" + package_file().string() + "' '" + folder_.path().string() + "'");
}

std::string must_shell(const std::string& command) {
  auto printed = lab::run({"bash", "-c", command});
  if (!printed) FAIL(printed.error().message);
  return std::move(*printed);
}

}  // namespace selvage::testing

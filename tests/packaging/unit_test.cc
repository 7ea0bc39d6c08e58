#include <catch2/catch.hpp>

#include "tests/packaging/machine.h"
#include "tests/packaging/package.h"

/// The systemd unit, as systemd-analyze(1) sees it.
namespace selvage::testing {
namespace {

/// As documented in docs/install.md.
constexpr const char* kExposure = "1.6";

}  // namespace

TEST_CASE("systemd-analyze verify accepts the unit") {
  const auto space = lab::Namespace::create("unit").value();
  const Machine machine(space);
  std::filesystem::copy_file(package_file(), machine.path("/srv/selvage.deb"));
  machine.shell("dpkg --no-triggers --install /srv/selvage.deb");
  CHECK(machine.shell("systemd-analyze verify --man=no selvage.service 2>&1").empty());
}

TEST_CASE("the unit's exposure is the documented one") {
  const PackageTree tree;
  const std::string report = must_shell("systemd-analyze security --offline=true --no-pager " +
                                        tree.path("/usr/lib/systemd/system/selvage.service").string());
  INFO(report);
  CHECK(report.find(std::string("selvage.service: ") + kExposure + " OK") != std::string::npos);
  const std::string page = lab::read_whole(SELVAGE_SOURCE_DIR "/docs/install.md").value_or("");
  CHECK(page.find(std::string("`systemd-analyze security` says ") + kExposure) != std::string::npos);
}

}  // namespace selvage::testing

#include "tests/support/ordinary_policies.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "cluster.h"

/// The policies of policies/, each alone and all together.
namespace selvage::packets {
namespace {

struct Scene : OrdinaryPods<Cluster> {
  void load(const std::string& file) {
    apply(file, read_whole(std::filesystem::path(SELVAGE_POLICIES) / file).value());
  }
};

}  // namespace

TEST_CASE("each ordinary policy alone allows and denies as specified") {
  Scene scene;
  for (const OrdinaryCase& one : ordinary_cases(scene)) {
    INFO(one.file);
    scene.load(one.file);
    scene.enforce();
    scene.check(one.expected);
    scene.withdraw(one.file);
  }
}

TEST_CASE("all ordinary policies together allow their union") {
  Scene scene;
  for (const OrdinaryCase& one : ordinary_cases(scene)) scene.load(one.file);
  scene.enforce();
  scene.check(ordinary_union(scene));
}

}  // namespace selvage::packets

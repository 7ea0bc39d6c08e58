#include "controller/tables/table_layout.h"
#include "tests/controller/refusing_node.h"
#include "tests/support/property.h"

/// Random events over a kernel that fails by chance and refuses random parts.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

/// Refuses a fraction of all parts, chosen by names and keys, elements of isolated addresses included.
FaultyKernel::Matches about_one_in(std::size_t many, std::size_t salt) {
  return [many, salt](const nft::PlanPart& part) {
    const std::string text = part.name + (part.element ? part.element->first : std::string());
    return !part.deletion && (std::hash<std::string>()(text) + salt) % many == 0;
  };
}

struct Stricken {
  explicit Stricken(std::uint64_t seed) : kernel(fake, seed) {}

  void apply(Random& random) {
    const auto event = random_event(random, cluster);
    apply_event(cluster, event);
    reconciler.apply({event});
  }
  /// Calls sync when it is due, once.
  bool sync() {
    if (!reconciler.pending()) return true;
    now = std::max(now, reconciler.due().value_or(now));
    return reconciler.sync(now).has_value();
  }
  void check_tables() const {
    const auto want = ruleset_from_scratch(objects_of(cluster));
    const auto reduced = controller::without_parts(want, reconciler.quarantine().parts());
    if (fake.ruleset() == reduced) return;
    FAIL("the tables differ\n" << nft::to_text(nft::diff(fake.ruleset(), reduced)) << describe(cluster));
  }

  LogCapture log;
  Cluster cluster;
  nft::FakeKernel fake;
  FaultyKernel kernel;
  Moment now{1h};
  controller::Reconciler reconciler{kernel, no_flows, kNode, {}};
};

TEST_CASE("accepted changes are right whatever else the kernel refuses, and all are once it refuses nothing") {
  for_each_seed(60, [](Random& random) {
    Stricken node(random());
    node.kernel.set_fault_rate(static_cast<unsigned>(below(random, 40)));
    const std::size_t many = 3 + below(random, 60);
    for (int step = 0; step < 25; ++step) {
      if (chance(random, 15))
        node.kernel.refuse(about_one_in(many, below(random, many)), chance(random, 50) ? EINVAL : EEXIST);
      if (chance(random, 10)) {
        node.kernel.heal();
        node.kernel.set_fault_rate(20);
      }
      if (chance(random, 10)) {
        node.fake.ruleset().clear();
        node.reconciler.distrust(node.now);
      }
      for (std::size_t n = 1 + below(random, 3); n > 0; --n) node.apply(random);
      for (int tries = 0; tries < 3; ++tries) {
        if (node.sync()) node.check_tables();
      }
    }
    node.kernel.heal();
    for (int tries = 0; tries < 60 && node.reconciler.pending(); ++tries) REQUIRE(node.sync());
    REQUIRE_FALSE(node.reconciler.pending());
    node.check_tables();
    REQUIRE(node.reconciler.quarantine().empty());
  });
}

}  // namespace
}  // namespace selvage::testing

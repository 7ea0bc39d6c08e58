#include "policy/tiers/stages.h"

#include <catch2/catch.hpp>

#include "policy/compile/compiler.h"
#include "tests/support/decided.h"
#include "tests/support/policy_cases.h"
#include "tests/support/property.h"

/// Staged policies beside enforced ones.
namespace selvage::testing {
namespace {

using policy::Mode;

bool is_staged(const Cluster& cluster, const policy::NetworkPolicy& object, Mode by_default) {
  if (object.mode) return *object.mode == Mode::staged;
  const auto found = cluster.find({policy::Kind::name_space, "", object.namespace_name});
  if (found == cluster.end()) return false;
  return std::get<policy::Namespace>(found->second).mode.value_or(by_default) == Mode::staged;
}

/// The cluster without its staged policies.
Cluster enforced_part(Cluster cluster, Mode by_default) {
  const Cluster whole = cluster;
  std::erase_if(cluster, [&](const auto& entry) {
    const auto* object = std::get_if<policy::NetworkPolicy>(&entry.second);
    return object != nullptr && is_staged(whole, *object, by_default);
  });
  return cluster;
}

/// A staged compiler that begins now.
std::shared_ptr<const policy::Snapshot> begun_now(const policy::Stages& stages, const policy::Inventory& known) {
  const auto compiler = std::make_shared<policy::Compiler>(kNode);
  known.visit([&](const policy::Object& object) { compiler->apply(policy::upsert(object)); });
  for (const auto& event : stages.staged_policies()) compiler->apply(event);
  return {compiler, &compiler->update()};
}

/// Two compilers behind Stages, and the objects that they were given.
struct Node {
  explicit Node(Mode mode) : by_default(mode), stages(mode) {}

  void apply(const policy::Event& event) {
    apply_event(cluster, event);
    const policy::StageEvents events = stages.take({event});
    for (const auto& one : events.enforced) enforced.apply(one);
    for (const auto& one : events.staged) staged.apply(one);
  }

  Mode by_default;
  policy::Stages stages;
  Cluster cluster;
  policy::Compiler enforced{kNode};
  policy::Compiler staged{kNode};
};

void check_packets(Random& random, Node& node, int packets) {
  const policy::Snapshot& enforced = node.enforced.update();
  const policy::Snapshot& staged = node.staged.update();
  const auto late = begun_now(node.stages, enforced.inventory());
  const auto without = objects_of(enforced_part(node.cluster, node.by_default));
  const auto all = objects_of(node.cluster);
  for (int i = 0; i < packets; ++i) {
    const FirstPacket packet = random_packet(random, node.cluster);
    INFO(to_string(packet) << "\n" << describe(node.cluster));
    const bool passes = ask_oracle(without, kNode, packet).allowed;
    CHECK(policy::allows(enforced.result(), flow_of(packet)) == passes);
    const bool would_pass = ask_oracle(all, kNode, packet).allowed;
    if (passes) CHECK(policy::allows(staged.result(), flow_of(packet)) == would_pass);
    CHECK(policy::allows(late->result(), flow_of(packet)) == policy::allows(staged.result(), flow_of(packet)));
  }
}

TEST_CASE("enforced is what a cluster without staged policies enforces; staged is what all policies together would") {
  for_each_seed(100, [](Random& random) {
    Node node(chance(random, 30) ? Mode::staged : Mode::enforced);
    for (int step = 0; step < 40; ++step) {
      for (std::size_t events = 1 + below(random, 3); events > 0; --events) {
        node.apply(random_staged_event(random, node.cluster));
      }
      check_packets(random, node, 12);
    }
  });
}

policy::NetworkPolicy denial(std::optional<Mode> mode) {
  policy::NetworkPolicy object = ingress_policy("prod/deny", where({}), {});
  object.mode = mode;
  return object;
}

TEST_CASE("a policy's own mode comes before its namespace's, and that before the default") {
  const auto staged = [](Mode by_default, std::optional<Mode> of_namespace, std::optional<Mode> own) {
    policy::Stages stages(by_default);
    (void)stages.take({policy::upsert(policy::Namespace{"prod", {}, of_namespace}), policy::upsert(denial(own))});
    return stages.staged() == 1;
  };
  CHECK_FALSE(staged(Mode::enforced, {}, {}));
  CHECK(staged(Mode::staged, {}, {}));
  CHECK(staged(Mode::enforced, Mode::staged, {}));
  CHECK_FALSE(staged(Mode::staged, Mode::enforced, {}));
  CHECK(staged(Mode::enforced, Mode::enforced, Mode::staged));
  CHECK_FALSE(staged(Mode::staged, Mode::staged, Mode::enforced));
}

TEST_CASE("while its namespace is not known a policy is enforced, whatever the default") {
  policy::Stages stages(Mode::staged);
  const auto early = stages.take({policy::upsert(denial({}))});
  CHECK(stages.staged() == 0);
  CHECK(early.enforced.back() == policy::upsert(denial({})));
  (void)stages.take({policy::upsert(policy::Namespace{"prod", {}, {}})});
  CHECK(stages.staged() == 1);
  (void)stages.take({policy::removal(policy::key_of(policy::Namespace{"prod", {}, {}}))});
  CHECK(stages.staged() == 0);
}

TEST_CASE("a namespace's mode moves its policies, whichever comes first") {
  policy::Stages stages;
  (void)stages.take({policy::upsert(denial({}))});
  CHECK(stages.staged() == 0);
  const auto moved = stages.take({policy::upsert(policy::Namespace{"prod", {}, Mode::staged})});
  CHECK(stages.staged() == 1);
  CHECK(moved.enforced.back() == policy::removal(policy::key_of(denial({}))));
  const auto back = stages.take({policy::removal(policy::key_of(policy::Namespace{"prod", {}, {}}))});
  CHECK(stages.staged() == 0);
  CHECK(back.enforced.back() == policy::upsert(denial({})));
  (void)stages.take({policy::removal(policy::key_of(denial({})))});
  CHECK(stages.staged_policies().empty());
}

}  // namespace
}  // namespace selvage::testing

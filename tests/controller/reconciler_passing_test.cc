#include "controller/tables/table_layout.h"
#include "tests/controller/refusing_node.h"

/// Transient errors, errors that other programs may cause, and refusals that name no part.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

policy::NetworkPolicy no_ingress_to_db() { return ingress_policy("prod/no-db", where({is("app", "db")}), {}); }

/// A node whose tables are up to date, and then a policy comes.
struct Changing : RefusingNode {
  Changing() : RefusingNode(world_with({web_to_api()})) {
    sync();
    apply(no_ingress_to_db());
  }
  /// The sync fails with that errno.
  void check_fails(int code) {
    const auto report = reconciler.sync(now);
    REQUIRE_FALSE(report);
    CHECK(report.error().code == code);
    CHECK(reconciler.pending());
    CHECK(refused() == 0);
  }
  void wait() { now = reconciler.due().value(); }
};

TEST_CASE_METHOD(Changing, "transient errors blame no part, even for more than an hour") {
  const int code = GENERATE(ENOMEM, ENOBUFS, EINTR, EAGAIN, ERESTART);
  SECTION("the whole transaction fails") { kernel.fail_commits(code); }
  SECTION("one element is named") { kernel.refuse(element_about("ingress-isolated4", kDb), code); }
  SECTION("one that could be left out is named") {
    apply(api_to_web());
    kernel.refuse(element_about("egress-peer4", kWeb), code);
  }
  SECTION("another is refused for its own sake at the same time") {
    apply(api_to_web());
    kernel.refuse(element_about("egress-peer4", kFar), EINVAL);
    kernel.refuse(element_about("ingress-isolated4", kDb), code);
  }
  const Moment start = now;
  while (now < start + 1h) {
    REQUIRE_FALSE(reconciler.sync(now));
    REQUIRE(reconciler.due().value() - now <= 30s);
    REQUIRE(refused() == 0);
    wait();
  }
  kernel.heal();
  sync();
  check_whole();
  CHECK(log.count("the kernel refuses") == 0);
}

TEST_CASE_METHOD(Changing, "a lost answer is resolved by a reading") {
  kernel.lose_answers(1);
  check_fails(ENOBUFS);
  check_whole();
  wait();
  CHECK_FALSE(sync().changed);
  check_whole();
}

TEST_CASE_METHOD(Changing, "a reading that fails is tried again, and nothing is written before") {
  reconciler.distrust(now);
  kernel.fail_reads(EINTR, 3);
  const auto commits = kernel.commits();
  for (int i = 0; i < 3; ++i) {
    check_fails(EINTR);
    wait();
  }
  CHECK(kernel.commits() == commits);
  sync();
  check_whole();
}

TEST_CASE_METHOD(Changing, "a change that was out of date is resolved by a reading at once") {
  const int code = GENERATE(ENOENT, EEXIST, EBUSY);
  kernel.refuse(element_about("ingress-isolated4", kDb), code, 1);
  CHECK(sync().from_nothing);
  check_whole();
}

TEST_CASE_METHOD(Changing, "an error that another program may cause is blamed on a part only when it lasts") {
  const int code = GENERATE(ENOENT, EEXIST, EBUSY);
  apply(api_to_web());
  kernel.refuse(element_about("egress-peer4", kWeb), code);
  check_fails(code);
  CHECK_FALSE(passes(tcp(kWeb, kDb, 80)));  // new isolation does not wait
  CHECK(passes(tcp(kWeb, kApi, 8080)));
  wait();
  sync();
  CHECK(refused() == 1);
  CHECK_FALSE(passes(tcp(kApi, kWeb, 80)));
  CHECK(passes(tcp(kApi, kFar, 80)));
  check_reduced();
}

TEST_CASE_METHOD(Changing, "a refusal without a fallback keeps the enforced tables, and adds new isolation") {
  apply(ingress_policy("prod/web-to-api", where({is("app", "api")}),
                       {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 8081)})}));
  const auto before = fake.ruleset();
  SECTION("a fixed chain's rule") { kernel.refuse(added_part(Kind::rule, "deny-in"), EINVAL); }
  SECTION("what is to go") {
    kernel.refuse([](const nft::PlanPart& part) { return part.deletion; }, EINVAL);
  }
  reconciler.set_options([] {
    controller::RenderOptions options;
    options.log_group = 7;
    return options;
  }());
  for (int i = 0; i < 5; ++i) {
    check_fails(EINVAL);
    CHECK(passes(tcp(kWeb, kApi, 8080)));
    CHECK_FALSE(passes(tcp(kWeb, kApi, 8081)));
    CHECK_FALSE(passes(tcp(kWeb, kDb, 80)));
    CHECK(fake.ruleset() == controller::with_isolation_of(before, ruleset_from_scratch(objects)));
    wait();
  }
  kernel.heal();
  sync();
  CHECK(passes(tcp(kWeb, kApi, 8081)));
  CHECK(refused() == 0);
}

TEST_CASE_METHOD(Changing, "an isolated address that is refused is not left out, nor is anything else for it") {
  kernel.refuse(element_about("ingress-isolated4", kDb), EINVAL);
  for (int i = 0; i < 3; ++i) {
    check_fails(EINVAL);
    wait();
  }
  CHECK(passes(tcp(kWeb, kDb, 80)));  // as before: nothing closes it
  kernel.heal();
  sync();
  check_whole();
}

/// A kernel that refuses a plan as a whole, without saying for what, when it holds certain parts.
class MuteKernel : public nft::Kernel {
 public:
  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override { return inner.read(tables); }
  nft::CommitResult commit(const nft::Plan& plan) override {
    auto done = inner.commit(plan);
    if (done) return done;
    return tl::unexpected(nft::CommitError(Error{"mute", done.error().code}));
  }
  nft::FakeKernel fake;
  FaultyKernel inner{fake};
};

TEST_CASE("refused parts that the kernel does not name are found by bisection") {
  const LogCapture log;
  auto objects = world_with({web_to_api(), api_to_web()});
  for (int i = 0; i < 40; ++i) {
    const std::string name = "app-" + std::to_string(i);
    objects.emplace_back(ingress_policy(
        "prod/" + name, where({is("app", "db")}),
        {allow({pods(where({is("team", name)}))}, {port(policy::Protocol::tcp, static_cast<std::uint16_t>(i + 1))})}));
    objects.emplace_back(pod("prod/" + name, {{"team", name}}, {}, "node-b"));
    std::get<policy::Pod>(objects.back()).addresses = {address("10.244.9." + std::to_string(i + 1))};
  }
  MuteKernel kernel;
  controller::Reconciler reconciler(kernel, no_flows, kNode, {});
  reconciler.apply(upserts(objects));
  kernel.inner.refuse(element_about("ingress-peer4", "10.244.9.7"), EINVAL);
  Moment now{1h};
  REQUIRE(reconciler.sync(now));
  CHECK(kernel.inner.commits() < 30);
  CHECK(reconciler.quarantine().size() == 1);
  const auto passes = [&](const FirstPacket& packet) {
    return nft::trace(kernel.fake.ruleset(), on_the_way(packet, objects, Way::routed)).accepted;
  };
  CHECK_FALSE(passes(tcp("10.244.9.7", kDb, 7)));
  for (int i = 0; i < 40; ++i) {
    if (i != 6) CHECK(passes(tcp("10.244.9." + std::to_string(i + 1), kDb, static_cast<std::uint16_t>(i + 1))));
  }
  CHECK(passes(tcp(kFar, kApi, 8080)));

  kernel.inner.heal();
  now = reconciler.due().value();
  REQUIRE(reconciler.sync(now));
  CHECK(kernel.fake.ruleset() == ruleset_from_scratch(objects));
  CHECK_FALSE(reconciler.pending());
}

TEST_CASE("if the kernel refuses everything and names no part, the enforced tables stay") {
  const LogCapture log;
  MuteKernel kernel;
  controller::Reconciler reconciler(kernel, no_flows, kNode, {});
  reconciler.apply(upserts(world_with({web_to_api()})));
  Moment now{1h};
  REQUIRE(reconciler.sync(now));
  const auto before = kernel.fake.ruleset();
  kernel.inner.fail_commits(EINVAL);
  reconciler.apply({policy::upsert(api_to_web())});
  for (int i = 0; i < 4; ++i) {
    CHECK_FALSE(reconciler.sync(now));
    CHECK(kernel.fake.ruleset() == before);
    CHECK(reconciler.quarantine().empty());
    now = reconciler.due().value();
  }
  kernel.inner.heal();
  REQUIRE(reconciler.sync(now));
  CHECK(kernel.fake.ruleset() == ruleset_from_scratch(world_with({web_to_api(), api_to_web()})));
}

}  // namespace
}  // namespace selvage::testing

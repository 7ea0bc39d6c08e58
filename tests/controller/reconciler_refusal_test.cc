#include "controller/tables/table_layout.h"
#include "tests/controller/refusing_node.h"

/// A kernel that refuses single parts: they are omitted with their fallback, the rest is enforced.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;

policy::NetworkPolicy web_to_db() {
  return ingress_policy("prod/web-to-db", where({is("app", "db")}),
                        {allow({pods(where({is("app", "web")}))}, {port(policy::Protocol::tcp, 5432)})});
}

/// Beside web_to_api: prod/db-0 is reached by its namespace's web and by an outside block, anybody reaches dev/web-0 on
/// port 80.
std::vector<policy::Object> town() {
  return world_with(
      {web_to_api(), web_to_db(),
       ingress_policy("prod/block-to-db", where({is("app", "db")}),
                      {allow({block("203.0.113.0/24")}, {port(policy::Protocol::tcp, 5432)})}),
       ingress_policy("dev/anyone", where({is("app", "web")}), {allow_anyone({port(policy::Protocol::tcp, 80)})})});
}

const FirstPacket kWebToApi = tcp(kWeb, kApi, 8080);
const FirstPacket kFarToApi = tcp(kFar, kApi, 8080);
const FirstPacket kWebToDb = tcp(kWeb, kDb, 5432);
const FirstPacket kFarToDb = tcp(kFar, kDb, 5432);
const FirstPacket kWorldToDb = tcp(kWorld, kDb, 5432);
const FirstPacket kWebToDev = tcp(kWeb, kDev, 80);
const FirstPacket kDenied = tcp(kDns, kApi, 8080);

/// A refused part, packets that are denied because of it, and others that are not.
struct Row {
  const char* name;
  FaultyKernel::Matches refused;
  std::vector<FirstPacket> closed;
  std::vector<FirstPacket> open;
};

std::vector<Row> rows() {
  return {
      {"a permission", element_about("p-", kApi), {kWebToApi, kFarToApi}, {kWebToDb, kWorldToDb, kWebToDev}},
      {"a permission for anyone", element_about("any-", kDev), {kWebToDev}, {kWebToApi, kWebToDb, kWorldToDb}},
      {"a peer",
       element_about("ingress-peer4", kWeb),
       {kWebToApi, kWebToDb},
       {kFarToApi, kFarToDb, kWorldToDb, kWebToDev}},
      {"a block", element_about("ingress-cidr4", "203.0.113.0"), {kWorldToDb}, {kWebToDb, kWebToApi, kWebToDev}},
      {"a local pod's address",
       element_about("local-pods4", kWeb),
       {tcp(kApi, kWeb, 80)},
       {kWebToApi, kWebToDb, kWorldToDb}},
      {"a pod's way to itself", element_about("self4", kApi), {tcp(kApi, kApi, 9999)}, {kWebToApi, kWebToDb}},
      {"all sets of predicates", added_part(Kind::set, "p-"), {kWebToApi, kWebToDb, kWorldToDb}, {kWebToDev}},
      {"the set for anyone", added_part(Kind::set, "any-in-ports4"), {kWebToDev}, {kWebToApi, kWebToDb, kWorldToDb}},
      {"rules of classes",
       [](const nft::PlanPart& part) {
         return part.kind == Kind::rule && part.name.starts_with("k4-") && part.rule == 0;
       },
       {kWebToApi, kWebToDb, kWorldToDb},
       {kWebToDev}},
      {"chains of classes", added_part(Kind::chain, "k4-"), {kWebToApi, kWebToDb, kWorldToDb}, {kWebToDev}},
  };
}

void check_row(const RefusingNode& node, const Row& row) {
  for (const auto& packet : row.closed) {
    INFO("to be closed: " << to_string(packet));
    CHECK_FALSE(node.passes(packet));
  }
  for (const auto& packet : row.open) {
    INFO("to pass: " << to_string(packet));
    CHECK(node.passes(packet));
  }
  CHECK_FALSE(node.passes(kDenied));
}

TEST_CASE("each part that is refused is closed, and everything else converges") {
  for (const Row& row : rows()) {
    INFO(row.name);
    RefusingNode node(town());
    node.kernel.refuse(row.refused, EINVAL);
    const auto report = node.sync();
    CHECK(node.refused() > 0);
    CHECK(report.refused == node.refused());
    check_row(node, row);
    node.check_reduced();
    CHECK(node.log.count("the kernel refuses") == node.refused());

    const std::size_t refused = node.refused();
    node.kernel.heal();
    while (node.refused() > 0) node.sync_when_due();
    CHECK(node.now - Moment(1h) == 1s);
    node.check_whole();
    CHECK(node.log.count("the kernel refuses") == refused);
    CHECK(node.log.count("the kernel accepts it now") == refused);
    CHECK_FALSE(node.reconciler.pending());
    CHECK_FALSE(node.reconciler.due());
  }
}

TEST_CASE("a refused part of a change falls back, and the rest of it and of later changes is enforced") {
  RefusingNode node(world_with({web_to_api()}));
  node.sync();
  node.kernel.refuse(element_about("p-", kDb), EOPNOTSUPP);
  node.apply(web_to_db());
  node.apply(api_to_web());
  node.sync();
  CHECK(node.refused() == 1);
  CHECK_FALSE(node.passes(kWebToDb));
  CHECK_FALSE(node.passes(tcp(kApi, kDb, 80)));
  CHECK(node.passes(tcp(kApi, kWeb, 80)));
  node.apply(ingress_policy("dev/none", where(), {}));
  CHECK_FALSE(node.reconciler.due());  // at once, not when the element is tried again
  node.sync();
  CHECK_FALSE(node.passes(kWebToDev));
  node.check_reduced();
}

TEST_CASE("many that are hidden behind each other are all found") {
  auto objects = town();
  for (int i = 0; i < 60; ++i) {
    objects.emplace_back(pod("prod/peer-" + std::to_string(i), {{"app", "web"}}, {}, "node-b"));
    std::get<policy::Pod>(objects.back()).addresses = {address("10.244.9." + std::to_string(i + 1))};
  }
  RefusingNode node(objects);
  node.kernel.refuse(
      [](const nft::PlanPart& part) {
        return part.kind == Kind::element && part.name == "ingress-peer4" && !part.deletion &&
               part.element->first.starts_with(address("10.244.9.1").key().substr(0, 3));
      },
      EINVAL);
  int syncs = 0;
  while (!node.reconciler.sync(node.now)) {
    REQUIRE(++syncs < 20);
    CHECK(*node.reconciler.due() - node.now == 100ms);
    node.now = *node.reconciler.due();
  }
  CHECK(node.refused() == 60);
  CHECK(node.passes(kWebToApi));
  CHECK_FALSE(node.passes(tcp("10.244.9.7", kApi, 8080)));
  node.check_reduced();
}

TEST_CASE("of a kernel that refuses hundreds whole classes are left out, and the log stays short") {
  auto objects = town();
  for (int i = 0; i < 200; ++i) {
    objects.emplace_back(pod("prod/peer-" + std::to_string(i), {{"app", "web"}}, {}, "node-b"));
    std::get<policy::Pod>(objects.back()).addresses = {address("10.244.9." + std::to_string(i + 1))};
  }
  RefusingNode node(objects);
  node.kernel.refuse(added_element("ingress-peer4"), EINVAL);
  int syncs = 0;
  while (!node.reconciler.sync(node.now)) {
    REQUIRE(++syncs < 40);
    node.now = *node.reconciler.due();
  }
  CHECK_FALSE(node.passes(kWebToApi));
  CHECK(node.passes(kWorldToDb));
  CHECK(node.passes(kWebToDev));
  CHECK(node.log.count("the kernel refuses") < 30);
  node.check_reduced();
  node.kernel.heal();
  while (node.reconciler.pending()) node.sync_when_due();
  node.check_whole();
}

TEST_CASE("where not even the denying rule of a class is taken, the class goes") {
  RefusingNode node(town());
  node.kernel.refuse(added_part(Kind::rule, "k4-in-"), EINVAL);
  node.sync();
  node.check_reduced();
  for (const auto& [name, chain] : node.fake.ruleset().at(controller::kInetTable).chains) {
    CHECK_FALSE(name.starts_with("k4-"));
  }
  CHECK_FALSE(node.passes(kWebToApi));
  CHECK(node.passes(kWebToDev));
}

TEST_CASE("a part that stays refused is tried after a second, doubling up to five minutes, alone") {
  RefusingNode node(town());
  node.kernel.refuse(element_about("p-", kApi), EINVAL);
  node.sync();
  std::vector<Clock::duration> waits;
  for (int i = 0; i < 11; ++i) {
    waits.push_back(*node.reconciler.due() - node.now);
    node.sync_when_due();
    node.check_reduced();
  }
  CHECK(waits == std::vector<Clock::duration>{1s, 2s, 4s, 8s, 16s, 32s, 64s, 128s, 256s, 5min, 5min});
  CHECK(node.log.count("the kernel refuses") == 1);
  const auto list = node.reconciler.quarantine().list();
  REQUIRE(list.size() == 1);
  CHECK(list[0].tries == 11);
  CHECK(list[0].code == EINVAL);
  CHECK(list[0].since == Moment(1h));
  CHECK(list[0].object == "prod/api-0, prod/web-to-api");
  CHECK(list[0].text.find("10.244.1.3 . tcp . 8080") != std::string::npos);
}

TEST_CASE("parts that are tried again do not wait for each other") {
  RefusingNode node(town());
  node.kernel.refuse(element_about("p-", kApi), EINVAL);
  node.kernel.refuse(element_about("any-", kDev), EINVAL);
  node.kernel.refuse(element_about("ingress-peer4", kFar), EINVAL);
  node.sync();
  CHECK(node.refused() == 3);
  node.kernel.heal();
  node.kernel.refuse(element_about("any-", kDev), EINVAL);
  node.sync_when_due();
  CHECK(node.refused() == 1);
  CHECK(node.passes(kWebToApi));
  CHECK(node.passes(kFarToApi));
  CHECK_FALSE(node.passes(kWebToDev));
}

TEST_CASE("a refused part whose object changes is tried at once; one that goes is forgotten") {
  RefusingNode node(world_with({web_to_api(), web_to_db()}));
  node.kernel.refuse(element_about("ingress-peer4", kFar), EINVAL, 2);
  node.sync();
  CHECK(node.refused() == 1);
  SECTION("another class") {
    node.apply(egress_policy("prod/nothing", where({is("app", "db")}), {}));
    node.sync();
    CHECK(node.refused() == 1);  // that was not about it
    node.apply(ingress_policy("prod/more", where({is("app", "db")}),
                              {allow({pods(where({is("app", "web"), lacks("tier")}))})}));
    node.sync();
    CHECK(node.refused() == 0);
    node.check_whole();
  }
  SECTION("gone") {
    for (const auto& object : world_with({})) {
      if (policy::key_of(object).name == "web-1") node.reconciler.apply({policy::removal(policy::key_of(object))});
    }
    node.sync();
    CHECK(node.refused() == 0);
    CHECK_FALSE(node.reconciler.pending());
  }
}

}  // namespace
}  // namespace selvage::testing

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "nft/kernel/probe.h"
#include "nft/model/statements.h"
#include "tests/nft/kernels.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"
#include "tests/support/shell.h"

/// Checks of the real kernel only: listings by nft(8), messages, capabilities, other programs' changes.
namespace selvage::nft {
namespace {

std::vector<TableKey> keys_of(const Ruleset& a, const Ruleset& b) {
  std::vector<TableKey> keys;
  for (const auto& [key, table] : a) keys.push_back(key);
  for (const auto& [key, table] : b) {
    if (!a.contains(key)) keys.push_back(key);
  }
  return keys;
}

Ruleset must_read(Kernel& kernel, const std::vector<TableKey>& keys) {
  auto ruleset = kernel.read(keys);
  INFO((ruleset ? std::string() : ruleset.error().message));
  REQUIRE(ruleset);
  return *std::move(ruleset);
}

/// Text that users may put into names and labels.
const std::string kNasty = "a \"quoted\"\nline\\ {x} $y # ; \xc3\xa9\xff\x1b[31m";

Table nasty_table() {
  Table table;
  table.comment = kNasty;
  table.sets["pods"] = {spec_of({FieldType::ipv4_addr}), {{single(ipv4("10.0.0.1")), {{}, kNasty}}}};
  table.sets["pods"].spec.comment = kNasty;
  table.sets["peers"] = {verdicts_of({FieldType::ipv4_addr}), {{single(ipv4("10.0.0.1")), {go_to("k"), kNasty}}}};
  table.sets["blocks"] = {ranges_of({FieldType::ipv4_addr}),
                          {{{ipv4("10.0.0.0"), ipv4("10.0.0.255")}, {{}, kNasty}},
                           {{ipv4("224.0.0.0"), ipv4("255.255.255.255")}, {{}, kNasty}}}};
  table.sets["ranges"] = {ranges_of({FieldType::ipv4_addr, FieldType::inet_proto, FieldType::inet_service}),
                          {{{triple("10.0.0.1", 6, 1), triple("10.0.0.1", 6, 9)}, {{}, kNasty}}}};
  table.sets["cut"].spec = spec_of({FieldType::ct_id});
  table.sets["cut"].spec.timeout = std::chrono::minutes(1);
  table.chains["k"].comment = kNasty;
  table.chains["k"].rules = {RuleBuilder().in({Selector::ct_id}, "cut").drop()};
  table.chains["k"].rules[0].comment = kNasty;
  return table;
}

/// Runs `body` in a thread without capabilities.
template <class Body>
void without_capabilities(const Body& body) {
  std::thread([&body] {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, 2> none{};
    if (::syscall(SYS_capset, &header, none.data()) == 0) body();
  }).join();
}

}  // namespace

TEST_CASE("random rulesets: the plan is committed and the result read back") {
  testing::for_each_seed(40, [](testing::Random& random) {
    AnyKernel kernel("netlink");
    Ruleset have;
    for (int step = 0; step < 4; ++step) {
      const Ruleset want = random_ruleset(random);
      must_commit(*kernel, diff(have, want));
      have = must_read(*kernel, keys_of(have, want));
      REQUIRE(have == want);
    }
  });
}

TEST_CASE("nft lists a committed ruleset in a form that it loads again") {
  AnyKernel kernel("netlink");
  put_table(*kernel, nasty_table());
  const std::string listing = must_run("nft -s list ruleset");
  INFO(listing);
  CHECK(listing.find("typeof ct id") != std::string::npos);
  CHECK(listing.find("type ipv4_addr . inet_proto . inet_service") != std::string::npos);
  CHECK(listing.find("10.0.0.1 . tcp . 1-9") != std::string::npos);
  CHECK(listing.find("224.0.0.0/3") != std::string::npos);
  std::size_t comments = 0;
  for (std::size_t at = 0; (at = listing.find("comment \"a 'quoted' line\\ {x} $y", at)) != std::string::npos; ++at) {
    ++comments;
  }
  CHECK(comments == 9);

  const Ruleset before = read_table(*kernel);
  must_run("text=$(nft -s list ruleset) && nft flush ruleset && printf '%s\\n' \"$text\" | nft -f -");
  CHECK(read_table(*kernel).at(kTable).chains == before.at(kTable).chains);
  CHECK(must_run("nft -s list ruleset") == listing);
}

TEST_CASE("nft -j lists a committed ruleset as JSON") {
  AnyKernel kernel("netlink");
  put_table(*kernel, nasty_table());
  const std::string check = "import json,sys; d=json.load(sys.stdin)['nftables']; sys.exit(0 if len(d) > 5 else 1)";
  must_run("nft -j list ruleset | python3 -c \"" + check + "\"");
}

TEST_CASE("an error names the element") {
  AnyKernel kernel("netlink");
  Table table;
  table.chains["k"];
  table.sets["peers"].spec = verdicts_of({FieldType::ipv4_addr});
  for (int i = 0; i < 5000; ++i) {
    const std::string key{10, 1, static_cast<char>(i / 256), static_cast<char>(i % 256)};
    table.sets["peers"].elements[single(key)] = {go_to(i == 4321 ? "none" : "k"), {}};
  }
  const auto done = kernel->commit(diff({}, {{kTable, table}}));
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ENOENT);
  CHECK(done.error().message.find("peers") != std::string::npos);
  CHECK(done.error().message.find("10.1.16.225 : goto none") != std::string::npos);  // 4321 = 16 * 256 + 225
}

TEST_CASE("the first of many errors is reported") {
  AnyKernel kernel("netlink");
  put_table(*kernel, {});
  Plan plan;
  for (int i = 100; i < 1100; ++i) change(plan).delete_sets.insert("set" + std::to_string(i));
  const auto done = kernel->commit(plan);
  REQUIRE_FALSE(done);
  CHECK(done.error().code == ENOENT);
  CHECK(done.error().message.find("set100") != std::string::npos);
}

TEST_CASE("an error for lack of CAP_NET_ADMIN names it") {
  AnyKernel kernel("netlink");
  Result<void> done;
  without_capabilities([&done] {
    auto opened = NetlinkKernel::open();
    done = opened ? (*opened)->commit(diff({}, {{kTable, Table{}}})) : Result<void>(fail("open"));
  });
  REQUIRE_FALSE(done);
  CHECK(done.error().code == EPERM);
  CHECK(done.error().message.find("CAP_NET_ADMIN") != std::string::npos);
}

TEST_CASE("objects that others add to the table are differences") {
  AnyKernel kernel("netlink");
  Table table;
  table.chains["forward"].base = BaseChain{};
  table.chains["forward"].rules = {RuleBuilder().counter().drop()};
  put_table(*kernel, table);
  const auto differs_and_heals = [&] {
    CHECK(read_table(*kernel) != Ruleset{{kTable, table}});
    put_table(*kernel, table);
    CHECK(read_table(*kernel) == Ruleset{{kTable, table}});
  };
  SECTION("a rule with an anonymous set") {
    must_run("nft add rule inet selvage forward ip saddr { 10.0.0.1, 10.0.0.2 } accept");
    differs_and_heals();
  }
  SECTION("an expression that this program does not write") {
    must_run("nft insert rule inet selvage forward limit rate 1/second accept");
    differs_and_heals();
  }
  SECTION("a mark set by a rule") {
    must_run("nft insert rule inet selvage forward meta mark set 1");
    differs_and_heals();
  }
  SECTION("a set of a type that this program does not use") {
    must_run("nft add set inet selvage marks '{ type mark; }'");
    differs_and_heals();
  }
  SECTION("a dynamic set") {
    must_run("nft add set inet selvage marks '{ type ipv4_addr; flags dynamic; }'");
    differs_and_heals();
  }
  SECTION("a base chain in another hook") {
    must_run("nft add chain inet selvage other '{ type filter hook input priority 0; policy drop; }'");
    differs_and_heals();
  }
  SECTION("another policy of the base chain") {
    must_run("nft chain inet selvage forward '{ policy drop; }'");
    differs_and_heals();
  }
  SECTION("a dormant table") {
    must_run("nft 'add table inet selvage { flags dormant; }'");
    differs_and_heals();
  }
}

TEST_CASE("the probe for meta ibrname leaves no trace") {
  const ScopedNetNs here;
  const auto supported = supports_bridge_ibrname();
  INFO((supported ? std::string() : supported.error().message));
  REQUIRE(supported);
  CHECK(must_run("nft list ruleset").empty());
  must_run("nft add table bridge b; nft add chain bridge b c");
  CHECK(*supported == (shell("nft add rule bridge b c meta ibrname none accept").status == 0));
  bool refused = false;
  without_capabilities([&refused] { refused = !supports_bridge_ibrname(); });
  CHECK(refused);
}

}  // namespace selvage::nft

#include "nft/kernel/netlink_kernel.h"
#include "nft/kernel/read_counts.h"
#include "nft/text/text.h"
#include "tests/nft/kernels.h"
#include "tests/support/shell.h"

/// Sets whose elements count, on the fake and the real kernel, and their counts.
namespace selvage::nft {
namespace {

SetSpec counting(SetSpec spec) {
  spec.counters = true;
  return spec;
}

const std::vector<FieldType> kPorts = {FieldType::ipv4_addr, FieldType::inet_proto, FieldType::inet_service};

/// A counting set of each kind.
Table counting_table() {
  Table table;
  table.chains["k1"];
  table.sets["plain"] = {counting(spec_of({FieldType::ipv4_addr})),
                         {{single(ipv4("10.0.0.1")), {{}, "one"}}, {single(ipv4("10.0.0.2")), {}}}};
  table.sets["ports"] = {counting(spec_of(kPorts)), {{single(triple("10.0.0.1", 6, 80)), {}}}};
  table.sets["port-ranges"] = {counting(ranges_of(kPorts)),
                               {{{triple("10.0.0.1", 6, 10), triple("10.0.0.1", 6, 20)}, {{}, "two"}},
                                {{triple("10.0.0.1", 6, 30), triple("10.0.0.1", 6, 30)}, {}}}};
  table.sets["blocks"] = {
      counting(ranges_of({FieldType::ipv4_addr})),
      {{{ipv4("10.0.0.0"), ipv4("10.0.0.255")}, {{}, "three"}}, {{ipv4("10.0.1.0"), ipv4("255.255.255.255")}, {}}}};
  table.sets["peers"] = {counting(verdicts_of({FieldType::ipv4_addr})),
                         {{single(ipv4("10.0.0.1")), {go_to("k1"), "four"}}}};
  return table;
}

netlink::Socket socket() {
  auto opened = netlink::Socket::open(NETLINK_NETFILTER);
  REQUIRE(opened);
  return std::move(*opened);
}

std::map<ElementKey, CounterValue> counted(const std::string& set, const SetSpec& spec) {
  netlink::Socket asking = socket();
  const auto counts = read_element_counts(asking, kTable, set, spec);
  INFO((counts ? std::string() : counts.error().message));
  REQUIRE(counts);
  return *counts;
}

}  // namespace

TEST_CASE("sets with counters are committed, read back, changed and deleted") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  Table table = counting_table();
  put_table(*kernel, table);
  CHECK(read_table(*kernel) == Ruleset{{kTable, table}});
  table.sets["plain"].elements.erase(single(ipv4("10.0.0.1")));
  table.sets["plain"].elements[single(ipv4("10.0.0.3"))] = {};
  table.sets["blocks"].elements.clear();
  table.sets.erase("ports");
  put_table(*kernel, table);
  CHECK(read_table(*kernel) == Ruleset{{kTable, table}});
}

TEST_CASE("adding or dropping the counters of a set needs a new table") {
  Table plain = counting_table();
  for (auto& [name, set] : plain.sets) set.spec.counters = false;
  AnyKernel kernel(GENERATE("fake", "netlink"));
  const bool more = GENERATE(true, false);
  put_table(*kernel, more ? plain : counting_table());
  const Plan plan = diff(read_table(*kernel), {{kTable, more ? counting_table() : plain}});
  CHECK(plan.tables.at(kTable).delete_table);
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel) == Ruleset{{kTable, more ? counting_table() : plain}});
}

TEST_CASE("a set cannot be added again with counters") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, small_table());
  Plan plan;
  change(plan).add_sets["pods"] = counting(spec_of({FieldType::ipv4_addr}));
  CHECK(refusal_of(*kernel, plan) == EEXIST);
}

TEST_CASE("counts are read, and are no difference") {
  AnyKernel kernel("netlink");
  must_run(
      "nft 'table inet selvage {"
      " set plain { type ipv4_addr; counter;"
      "  elements = { 10.0.0.1 counter packets 3 bytes 300 comment \"one\", 10.0.0.2 }; };"
      " set port-ranges { type ipv4_addr . inet_proto . inet_service; flags interval; counter; elements = {"
      "  10.0.0.1 . tcp . 10-20 counter packets 4 bytes 400, 10.0.0.1 . tcp . 30 counter packets 5 bytes 500 }; };"
      " set blocks { type ipv4_addr; flags interval; counter; elements = {"
      "  10.0.0.0/24 counter packets 6 bytes 600, 10.0.1.0-255.255.255.255 counter packets 7 bytes 18446744073709551615"
      " }; }; chain k1 { counter packets 8 bytes 800 drop; counter packets 1 bytes 2; }; chain k2 { counter; }; }'");
  Table want = counting_table();
  want.sets.erase("ports");
  want.sets.erase("peers");
  want.chains["k1"].rules = {RuleBuilder().counter().drop(), RuleBuilder().counter().build()};
  want.chains["k2"].rules = {RuleBuilder().counter().build()};
  CHECK(diff(read_table(*kernel), {{kTable, want}}).empty());

  using Counts = std::map<ElementKey, CounterValue>;
  CHECK(counted("plain", want.sets["plain"].spec) ==
        Counts{{single(ipv4("10.0.0.1")), {3, 300}}, {single(ipv4("10.0.0.2")), {}}});
  CHECK(counted("port-ranges", want.sets["port-ranges"].spec) ==
        Counts{{{triple("10.0.0.1", 6, 10), triple("10.0.0.1", 6, 20)}, {4, 400}},
               {{triple("10.0.0.1", 6, 30), triple("10.0.0.1", 6, 30)}, {5, 500}}});
  CHECK(counted("blocks", want.sets["blocks"].spec) ==
        Counts{{{ipv4("10.0.0.0"), ipv4("10.0.0.255")}, {6, 600}},
               {{ipv4("10.0.1.0"), ipv4("255.255.255.255")}, {7, UINT64_MAX}}});
  netlink::Socket asking = socket();
  CHECK(read_chain_count(asking, kTable, "k1").value() == CounterValue{9, 802});
  CHECK(read_chain_count(asking, kTable, "k2").value() == CounterValue{});
}

TEST_CASE("counts of absent objects are zero") {
  AnyKernel kernel("netlink");
  netlink::Socket asking = socket();
  const SetSpec spec = spec_of({FieldType::ipv4_addr});
  CHECK(counted("plain", spec).empty());
  CHECK(read_chain_count(asking, kTable, "k1").value() == CounterValue{});
  put_table(*kernel, small_table());
  CHECK(counted("plain", spec).empty());
  CHECK(counted("pods", spec) == std::map<ElementKey, CounterValue>{{single(ipv4("10.0.0.1")), {}}});
  CHECK(read_chain_count(asking, kTable, "nobody").value() == CounterValue{});
}

TEST_CASE("an element that nft(8) adds to a set with counters equals ours") {
  AnyKernel kernel("netlink");
  Table table = counting_table();
  put_table(*kernel, table);
  must_run("nft add element inet selvage plain '{ 10.0.0.9 }'");
  table.sets["plain"].elements[single(ipv4("10.0.0.9"))] = {};
  CHECK(read_table(*kernel) == Ruleset{{kTable, table}});
}

TEST_CASE("nft(8) lists sets with counters as this program does, and loads the listing") {
  AnyKernel kernel("netlink");
  put_table(*kernel, counting_table());
  const std::string listed = must_run("nft list ruleset");
  INFO(listed);
  CHECK(
      listed.find("\tset plain {\n\t\ttype ipv4_addr\n\t\tcounter\n\t\telements = { 10.0.0.1 counter packets 0 bytes 0 "
                  "comment \"one\"") != std::string::npos);
  must_run(
      "nft list ruleset > /dev/shm/counters-$$ && nft flush ruleset && nft -f /dev/shm/counters-$$; status=$?;"
      " rm /dev/shm/counters-$$; exit $status");
  CHECK(read_table(*kernel) == Ruleset{{kTable, counting_table()}});
}

TEST_CASE("elements with other expressions than a counter make a set foreign") {
  AnyKernel kernel("netlink");
  const std::string statement = GENERATE("limit rate 5/second", "counter; limit rate 5/second", "quota 5 bytes");
  must_run("nft 'table inet selvage { set s { type ipv4_addr; " + statement + "; }; }'");
  CHECK(read_table(*kernel).at(kTable).sets.at("s").spec.key.empty());
}

}  // namespace selvage::nft

#include "nft/text/text.h"
#include "nft/wire/encode.h"
#include "tests/nft/kernels.h"
#include "tests/support/shell.h"

/// The limit and log expressions, on the fake and the real kernel.
namespace selvage::nft {
namespace {

const Log kLog{700, 128, 0, "selvage deny-in"};

Table logging_table(const Rule& rule) {
  Table table;
  table.chains["deny"].rules = {rule, RuleBuilder().counter().drop()};
  return table;
}

Expression only_expression(const Ruleset& ruleset) {
  const auto& rules = ruleset.at(kTable).chains.at("c").rules;
  REQUIRE(rules.size() == 1);
  REQUIRE(rules[0].expressions.size() == 1);
  return rules[0].expressions[0];
}

}  // namespace

TEST_CASE("rules with log and limit are committed and read back") {
  AnyKernel kernel(GENERATE("fake", "netlink"));
  const Rule rule = GENERATE(
      RuleBuilder().limit(100, 200).log(kLog).build(), RuleBuilder().limit(1, 1).counter().drop(),
      RuleBuilder().log({0, 0, 0, ""}).accept(), RuleBuilder().log({65535, 1, 65535, std::string(127, 'x')}).drop(),
      Rule{{Limit{UINT32_MAX, LimitUnit::week, 7}}, {}}, Rule{{Limit{3, LimitUnit::minute, 5}}, {}});
  INFO(to_text(rule));
  put_table(*kernel, logging_table(rule));
  CHECK(read_table(*kernel) == Ruleset{{kTable, logging_table(rule)}});
}

TEST_CASE("another limit or log is a difference") {
  const Rule before = RuleBuilder().limit(100, 200).log(kLog).build();
  const Rule after =
      GENERATE(RuleBuilder().limit(101, 200).log(kLog).build(), RuleBuilder().limit(100, 201).log(kLog).build(),
               RuleBuilder().log(kLog).build(), Rule{{Limit{100, LimitUnit::minute, 200}, kLog}, {}},
               RuleBuilder().limit(100, 200).log({701, 128, 0, "selvage deny-in"}).build(),
               RuleBuilder().limit(100, 200).log({700, 64, 0, "selvage deny-in"}).build(),
               RuleBuilder().limit(100, 200).log({700, 128, 8, "selvage deny-in"}).build(),
               RuleBuilder().limit(100, 200).log({700, 128, 0, "selvage deny-out"}).build());
  INFO(to_text(after));
  AnyKernel kernel(GENERATE("fake", "netlink"));
  put_table(*kernel, logging_table(before));
  const Plan plan = diff(read_table(*kernel), {{kTable, logging_table(after)}});
  CHECK_FALSE(plan.empty());
  must_commit(*kernel, plan);
  CHECK(read_table(*kernel) == Ruleset{{kTable, logging_table(after)}});
}

TEST_CASE("nft(8) lists limits and logs as this program does") {
  AnyKernel kernel("netlink");
  put_table(*kernel, logging_table(RuleBuilder().limit(100, 200).log(kLog).build()));
  const std::string listed = must_run("nft list chain inet selvage deny");
  INFO(listed);
  CHECK(listed.find("limit rate 100/second burst 200 packets log prefix \"selvage deny-in\" group 700 snaplen 128\n") !=
        std::string::npos);
}

TEST_CASE("limits and logs of other kinds are foreign") {
  AnyKernel kernel("netlink");
  const auto [rule, name] = GENERATE(table<std::string, std::string>({
      {"limit rate over 5/second", "limit"},
      {"limit rate 5 kbytes/second", "limit"},
      {"log", "log"},
      {"log level debug prefix \"selvage deny-in\"", "log"},
      {"log flags all", "log"},
  }));
  INFO(rule);
  must_run("nft 'table inet selvage { chain c { " + rule + "; }; }'");
  CHECK(only_expression(read_table(*kernel)) == Expression(Foreign{name}));
}

TEST_CASE("limits and logs that the kernel would refuse or misread are refused") {
  const Rule rule = GENERATE(RuleBuilder().limit(0, 1).build(), RuleBuilder().limit(1, 0).build(),
                             RuleBuilder().log({1, 0, 0, std::string(128, 'x')}).build());
  INFO(to_text(rule));
  const Plan plan = diff({}, {{kTable, logging_table(rule)}});
  CHECK_FALSE(encode(operations(plan), 1));
}

}  // namespace selvage::nft

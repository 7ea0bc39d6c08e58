#include "nft/kernel/ruleset_monitor.h"

#include <poll.h>
#include <sys/socket.h>

#include "nft/kernel/netlink_kernel.h"
#include "tests/nft/kernels.h"
#include "tests/support/shell.h"

/// nft(8) plays the other programs; each command is one transaction.
namespace selvage::nft {
namespace {

/// `small_table` in the test's own network namespace, and a monitor of it.
struct Watched {
  ScopedNetNs here;
  std::unique_ptr<NetlinkKernel> kernel = must_open(NetlinkKernel::open());
  RulesetMonitor monitor = must_open(RulesetMonitor::open({kTable}, kernel->port()));

  Watched() { put_table(*kernel, small_table()); }

  template <class T>
  static T must_open(Result<T> opened) {
    INFO((opened ? std::string() : opened.error().message));
    REQUIRE(opened);
    return std::move(*opened);
  }

  [[nodiscard]] bool readable() const {
    pollfd poll_fd{monitor.fd(), POLLIN, 0};
    return ::poll(&poll_fd, 1, 0) == 1;
  }
};

}  // namespace

TEST_CASE_METHOD(Watched, "each kind of change by others is reported by name") {
  const auto [command, example] = GENERATE(table<std::string, std::string>({
      {"flush ruleset", "deleted table inet selvage"},
      {"delete table inet selvage", "deleted table inet selvage"},
      {"'delete table inet selvage; add table inet selvage'", "added or changed table inet selvage"},
      {"add table inet selvage '{ flags dormant; }'", "added or changed table inet selvage"},
      {"flush table inet selvage", "deleted a rule of chain inet selvage forward"},
      {"flush chain inet selvage forward", "deleted a rule of chain inet selvage forward"},
      {"insert rule inet selvage forward accept", "added a rule to chain inet selvage forward"},
      {"chain inet selvage forward '{ policy drop; }'", "added or changed chain inet selvage forward"},
      {"add chain inet selvage input '{ type filter hook input priority 0; policy drop; }'",
       "added or changed chain inet selvage input"},
      {"delete chain inet selvage k2", "deleted chain inet selvage k2"},
      {"add element inet selvage pods { 10.0.0.2 }", "added elements to set inet selvage pods"},
      {"delete element inet selvage pods { 10.0.0.1 }", "deleted elements of set inet selvage pods"},
      {"delete element inet selvage blocks { 10.0.0.0/24 }", "deleted elements of set inet selvage blocks"},
      {"flush set inet selvage pods", "deleted elements of set inet selvage pods"},
      {"add set inet selvage more '{ type ipv4_addr; }'", "added or changed set inet selvage more"},
      {"delete set inet selvage port-ranges", "deleted set inet selvage port-ranges"},
      {"add counter inet selvage c", "added or changed object inet selvage c"},
  }));
  INFO(command);
  must_run("nft " + command);
  REQUIRE(readable());
  const Interference found = monitor.take();
  CHECK(found.changes > 0);
  CHECK_THAT(found.examples, Catch::VectorContains(example));
  CHECK_FALSE(found.unknown);
  REQUIRE(found.programs.size() == 1);
  CHECK(found.programs[0].rfind("nft[", 0) == 0);
  CHECK_FALSE(monitor.take().any());
}

TEST_CASE_METHOD(Watched, "a deleted rule is reported") {
  const std::string handle = must_run("nft -a list chain inet selvage k1 | sed -n 's/.*drop # handle //p'");
  must_run("nft delete rule inet selvage k1 handle " + handle);
  CHECK(monitor.take().examples == std::vector<std::string>{"deleted a rule of chain inet selvage k1"});
}

TEST_CASE_METHOD(Watched, "our own changes are not reported") {
  Table want = small_table();
  want.chains["k2"].rules = {RuleBuilder().drop()};
  want.sets["pods"].elements.clear();
  put_table(*kernel, want);
  REQUIRE(readable());
  CHECK_FALSE(monitor.take().any());
  must_commit(*kernel, diff({{kTable, want}}, {}));
  CHECK_FALSE(monitor.take().any());
}

TEST_CASE_METHOD(Watched, "refused changes of others are not reported") {
  CHECK(shell("nft delete set inet selvage pods").status != 0);
  CHECK(shell("nft delete chain inet selvage k1").status != 0);
  CHECK_FALSE(monitor.take().any());
}

TEST_CASE_METHOD(Watched, "changes of other tables are not reported") {
  must_run("nft add table ip selvage");
  must_run("nft add table bridge selvage '{ chain c { }; }'");
  must_run("nft add table inet selvage-2 '{ set pods { type ipv4_addr; elements = { 10.0.0.1 }; }; }'");
  must_run("nft delete table ip selvage");
  CHECK_FALSE(monitor.take().any());
}

TEST_CASE_METHOD(Watched, "the program of another table's transaction is not named") {
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  must_run(
      "folder=$(mktemp -d) && ln -s \"$(command -v nft)\" $folder/neighbour && $folder/neighbour add table inet other;"
      "status=$?; rm -r $folder; exit $status");
  const Interference found = monitor.take();
  CHECK(found.changes == 1);
  REQUIRE(found.programs.size() == 1);
  CHECK(found.programs[0].rfind("nft[", 0) == 0);
}

TEST_CASE_METHOD(Watched, "all changes are counted and a few named") {
  std::string chains;
  for (int i = 0; i < 40; ++i) chains += "add chain inet selvage c" + std::to_string(i) + "; ";
  must_run("nft '" + chains + "'");
  must_run("nft delete table inet selvage");
  const Interference found = monitor.take();
  CHECK(found.changes > 80);
  CHECK(found.examples.size() == 5);
  CHECK_THAT(found.examples, Catch::VectorContains(std::string("deleted table inet selvage")));
  CHECK(found.programs.size() == 2);
}

TEST_CASE_METHOD(Watched, "a table can be watched before it exists") {
  must_run("nft flush ruleset");
  (void)monitor.take();
  must_run("nft add table inet selvage");
  CHECK(monitor.take().changes == 1);
}

TEST_CASE_METHOD(Watched, "lost notifications are reported, whatever they were about") {
  const int small = 1;  // the kernel's minimum is a few KiB
  REQUIRE(::setsockopt(monitor.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) == 0);
  must_run("nft add table inet other");
  std::string chains;
  for (int i = 0; i < 2000; ++i) chains += "add chain inet other c" + std::to_string(i) + "; ";
  must_run("nft '" + chains + "'");
  CHECK(monitor.take().unknown);
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  const Interference found = monitor.take();
  CHECK_FALSE(found.unknown);
  CHECK(found.changes == 1);
}

TEST_CASE_METHOD(Watched, "a monitor that does not listen reports nothing until it listens again") {
  (void)monitor.take();
  REQUIRE(monitor.listen(false));
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  CHECK_FALSE(readable());
  REQUIRE(monitor.listen(true));
  must_run("nft add element inet selvage pods { 10.0.0.1 }");
  CHECK(monitor.take().examples == std::vector<std::string>{"added elements to set inet selvage pods"});
}

}  // namespace selvage::nft

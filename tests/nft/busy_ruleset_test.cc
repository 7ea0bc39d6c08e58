#include <atomic>
#include <thread>

#include "nft/model/statements.h"
#include "tests/nft/kernels.h"

/// Reading our tables while other programs change theirs constantly, as kube-proxy's nftables mode does.
namespace selvage::nft {
namespace {

/// Turns `one` into `other` and back, over and over, until the end of the scope.
class Hammer {
 public:
  Hammer(const Ruleset& one, const Ruleset& other) {
    auto opened = NetlinkKernel::open();
    REQUIRE(opened);
    kernel_ = std::move(*opened);
    thread_ = std::thread([this, there = diff(one, other), back = diff(other, one)] {
      while (!done_) {
        if (!kernel_->commit(there) || !kernel_->commit(back)) ++failures_;
        ++rounds_;
      }
    });
  }
  ~Hammer() {
    done_ = true;
    thread_.join();
  }
  Hammer(const Hammer&) = delete;
  Hammer& operator=(const Hammer&) = delete;

  /// Waits for `rounds` more rounds.
  void wait(int rounds) const {
    const int until = rounds_ + rounds;
    while (rounds_ < until) std::this_thread::yield();
  }
  [[nodiscard]] int failures() const { return failures_; }

 private:
  std::unique_ptr<NetlinkKernel> kernel_;
  std::atomic<bool> done_ = false;
  std::atomic<int> rounds_ = 0;
  std::atomic<int> failures_ = 0;
  std::thread thread_;
};

/// Enough chains and elements for several datagrams in each of their dumps.
Table wide_table(Ownership ownership) {
  Table table = small_table();
  table.ownership = ownership;
  for (int i = 0; i < 800; ++i) {
    Chain& chain = table.chains["class-" + std::to_string(i)];
    chain.comment = "prod/a-policy-with-a-name";
    chain.rules = {RuleBuilder().in({Selector::ip_saddr}, "pods").accept(), RuleBuilder().counter().drop()};
  }
  for (int i = 0; i < 8000; ++i) {
    const std::string key{10, 1, static_cast<char>(i / 256), static_cast<char>(i % 256)};
    table.sets["peers"].elements[single(key)] = {go_to("class-" + std::to_string(i % 800)), "prod/a-pod"};
  }
  return table;
}

}  // namespace

TEST_CASE("reads succeed while others change their tables") {
  const auto ownership = GENERATE(Ownership::owned, Ownership::open);
  AnyKernel kernel("netlink");
  // Before ours in the kernel's lists, so that our chains move when its chains are added and deleted.
  const TableKey other{TableFamily::inet, "other"};
  Ruleset few{{other, Table{}}};
  must_commit(*kernel, diff({}, few));
  Ruleset many = few;
  for (int i = 0; i < 40; ++i) many[other].chains["chain-" + std::to_string(i)];
  const Table ours = wide_table(ownership);
  put_table(*kernel, ours);
  const Hammer hammer(few, many);
  for (int i = 0; i < 6; ++i) {
    hammer.wait(2);
    const auto found = kernel->read(std::array{kTable});
    INFO((found ? std::string() : found.error().message));
    REQUIRE(found);
    REQUIRE((*found == Ruleset{{kTable, ours}}));
  }
  CHECK(hammer.failures() == 0);
}

TEST_CASE("chains of others added and deleted between two datagrams do not hide ours") {
  AnyKernel kernel("netlink");
  const TableKey other{TableFamily::inet, "other"};
  Ruleset few{{other, Table{}}};
  must_commit(*kernel, diff({}, few));
  Ruleset many = few;
  for (int i = 0; i < 5; ++i) many[other].chains["chain-" + std::to_string(i)];
  Table ours;
  ours.ownership = Ownership::owned;
  for (int i = 0; i < 2000; ++i) ours.chains["class-" + std::to_string(i)].rules = {RuleBuilder().drop()};
  put_table(*kernel, ours);
  const Hammer hammer(few, many);
  for (int i = 0; i < 25; ++i) {
    const auto found = kernel->read(std::array{kTable});
    INFO((found ? std::string() : found.error().message));
    REQUIRE(found);
    REQUIRE((*found == Ruleset{{kTable, ours}}));
  }
}

TEST_CASE("an absent table is absent in a read, whatever others do") {
  AnyKernel kernel("netlink");
  const TableKey other{TableFamily::inet, "other"};
  const Hammer hammer({}, {{other, small_table()}});
  for (int i = 0; i < 200; ++i) CHECK(read_table(*kernel).empty());
}

}  // namespace selvage::nft

#include "nft/kernel/watched_kernel.h"

#include <atomic>
#include <thread>

#include "tests/nft/kernels.h"
#include "tests/support/shell.h"

namespace selvage::nft {
namespace {

struct WatchedTable {
  ScopedNetNs here;
  std::unique_ptr<WatchedKernel> kernel = open();

  static std::unique_ptr<WatchedKernel> open() {
    auto opened = WatchedKernel::open({kTable});
    INFO((opened ? std::string() : opened.error().message));
    REQUIRE(opened);
    return std::move(*opened);
  }
};

/// `small_table` with enough elements that they are committed without listening.
Table large_table(unsigned char variant) {
  Table table = small_table();
  auto& elements = table.sets["pods"].elements;
  for (int i = 0; i < 20'000; ++i) {
    const std::string key{10, static_cast<char>(variant), static_cast<char>(i / 256), static_cast<char>(i % 256)};
    elements[single(key)] = {};
  }
  return table;
}

/// Changes another table over and over, until the end of the scope.
class Neighbour {
 public:
  Neighbour() {
    auto opened = NetlinkKernel::open();
    REQUIRE(opened);
    kernel_ = std::move(*opened);
    thread_ = std::thread([this] {
      const Ruleset other{{{TableFamily::inet, "other"}, Table{}}};
      while (!done_) {
        if (kernel_->commit(diff({}, other)) && kernel_->commit(diff(other, {}))) ++rounds_;
      }
    });
  }
  ~Neighbour() {
    done_ = true;
    thread_.join();
  }
  Neighbour(const Neighbour&) = delete;
  Neighbour& operator=(const Neighbour&) = delete;

  [[nodiscard]] int rounds() const { return rounds_; }

 private:
  std::unique_ptr<NetlinkKernel> kernel_;
  std::atomic<bool> done_ = false;
  std::atomic<int> rounds_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE_METHOD(WatchedTable, "our own commits are no interference, small or large") {
  put_table(*kernel, small_table());
  CHECK_FALSE(kernel->take_interference().any());
  put_table(*kernel, large_table(1));
  CHECK_FALSE(kernel->take_interference().any());
  CHECK(read_table(*kernel) == Ruleset{{kTable, large_table(1)}});
}

TEST_CASE_METHOD(WatchedTable, "changes of others before and after a large commit are reported") {
  put_table(*kernel, small_table());
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  put_table(*kernel, large_table(1));
  CHECK(kernel->take_interference().changes == 1);
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  const Interference found = kernel->take_interference();
  CHECK(found.changes == 1);
  CHECK_FALSE(found.unknown);
}

TEST_CASE_METHOD(WatchedTable, "a change of others during a large commit is reported once") {
  Ruleset have;
  Interference found;
  {
    const Neighbour neighbour;
    for (unsigned char variant = 0; variant < 100 && !found.unknown; ++variant) {
      const Ruleset want{{kTable, large_table(variant)}};
      must_commit(*kernel, diff(std::exchange(have, want), want));
      found = kernel->take_interference();
    }
    CHECK(neighbour.rounds() > 0);
  }
  CHECK(found.unknown);
  CHECK(found.changes == 0);
  CHECK_FALSE(kernel->take_interference().any());
}

TEST_CASE_METHOD(WatchedTable, "a refused large commit casts no doubt on others") {
  put_table(*kernel, small_table());
  Plan bad = diff(read_table(*kernel), {{kTable, large_table(1)}});
  change(bad).delete_sets = {"none"};
  CHECK(refusal_of(*kernel, bad) == ENOENT);
  CHECK_FALSE(kernel->take_interference().any());
  must_run("nft delete element inet selvage pods { 10.0.0.1 }");
  CHECK(kernel->take_interference().changes == 1);
}

}  // namespace selvage::nft

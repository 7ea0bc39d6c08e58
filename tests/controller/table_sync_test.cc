#include "controller/sync/table_sync.h"

#include <catch2/catch.hpp>
#include <cerrno>
#include <vector>

/// When tables are synced, and whether from a reading.
namespace selvage::testing {
namespace {

using namespace std::chrono_literals;
using controller::TableSync;
using Scope = TableSync::Scope;

/// Attempts that end with these errors, one after the other; 0, and all that come later: committed.
struct Attempts {
  TableSync sync;
  std::vector<int> errors;
  std::vector<Scope> scopes;
  Moment now{std::chrono::hours(1)};

  Result<void> run() {
    return sync.run(now, [this](Scope scope) -> tl::expected<void, nft::CommitError> {
      const std::size_t at = scopes.size();
      scopes.push_back(scope);
      if (at >= errors.size() || errors[at] == 0) return {};
      return tl::unexpected<nft::CommitError>(Error{"refused", errors[at]});
    });
  }
};

TEST_CASE("the first sync is whole, later ones commit changes") {
  Attempts attempts;
  CHECK(attempts.sync.pending());
  CHECK_FALSE(attempts.sync.retry());
  CHECK(attempts.run());
  CHECK_FALSE(attempts.sync.pending());
  attempts.sync.changed();
  CHECK(attempts.sync.pending());
  CHECK(attempts.run());
  CHECK(attempts.scopes == std::vector{Scope::whole, Scope::changes});
}

TEST_CASE("a refused plan of changes is followed by a reading at once, unless waiting alone can help") {
  const int code = GENERATE(EEXIST, ENOMEM, EPERM);
  Attempts attempts;
  attempts.errors = {0, code};
  CHECK(attempts.run());
  attempts.sync.changed();
  const bool at_once = code == EEXIST;
  CHECK(attempts.run().has_value() == at_once);
  CHECK(attempts.scopes.size() == (at_once ? 3 : 2));
  CHECK(attempts.sync.pending() == !at_once);
  if (at_once) return;
  CHECK(attempts.sync.retry() == attempts.now + 100ms);
  CHECK(attempts.run());
  CHECK(attempts.scopes.back() == Scope::whole);
}

TEST_CASE("delays double up to half a minute, up to a second while another program owns the tables") {
  const auto [code, most] = GENERATE(std::pair(ENOMEM, 30s), std::pair(EPERM, 1s));
  Attempts attempts;
  attempts.errors.assign(10, code);
  Clock::duration expected = 100ms;
  for (int i = 0; i < 10; ++i) {
    CHECK_FALSE(attempts.run());
    CHECK(attempts.sync.retry() == attempts.now + std::min<Clock::duration>(expected, most));
    expected *= 2;
  }
  CHECK(attempts.run());
  CHECK_FALSE(attempts.sync.retry());
}

TEST_CASE("delays begin anew after an attempt that failed but got further") {
  Attempts attempts;
  attempts.errors = {ENOMEM, ENOMEM};
  CHECK_FALSE(attempts.run());
  CHECK_FALSE(attempts.run());
  CHECK(attempts.sync.retry() == attempts.now + 200ms);
  CHECK_FALSE(attempts.sync.run(attempts.now, [&](Scope) -> tl::expected<void, nft::CommitError> {
    attempts.sync.progressed();
    return tl::unexpected<nft::CommitError>(Error{"refused", EINVAL});
  }));
  CHECK(attempts.sync.retry() == attempts.now + 100ms);
}

TEST_CASE("tables that others touched are read back at once, and less often while they are touched again and again") {
  Attempts attempts;
  CHECK(attempts.run());
  std::vector<Clock::duration> distances;
  for (int i = 0; i < 10; ++i) {
    attempts.sync.distrust(attempts.now);
    CHECK(attempts.sync.distrusted());
    distances.push_back(*attempts.sync.retry() - attempts.now);
    attempts.now = *attempts.sync.retry();
    CHECK(attempts.run());
    CHECK(attempts.scopes.back() == Scope::whole);
    CHECK_FALSE(attempts.sync.distrusted());
  }
  CHECK(distances == std::vector<Clock::duration>{0ms, 10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1s, 1s});
}

TEST_CASE("a sync that is due is not put off by those who touch the tables") {
  Attempts attempts;
  attempts.sync.distrust(attempts.now);
  CHECK_FALSE(attempts.sync.retry());
  // A change of policy is not, either, though the tables have just been repaired.
  CHECK(attempts.run());
  attempts.sync.changed();
  attempts.sync.distrust(attempts.now);
  CHECK_FALSE(attempts.sync.retry());
  CHECK(attempts.run());
  CHECK(attempts.scopes == std::vector{Scope::whole, Scope::whole});
}

TEST_CASE("while every sync is to be whole, changes are committed from a reading") {
  Attempts attempts;
  CHECK(attempts.run());
  attempts.sync.set_always_whole(true);
  attempts.sync.changed();
  CHECK(attempts.run());
  CHECK_FALSE(attempts.sync.pending());
  attempts.sync.set_always_whole(false);
  attempts.sync.changed();
  CHECK(attempts.run());
  CHECK(attempts.scopes == std::vector{Scope::whole, Scope::whole, Scope::changes});
}

}  // namespace
}  // namespace selvage::testing

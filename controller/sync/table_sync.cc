#include "controller/sync/table_sync.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "controller/refusals/quarantine.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 100ms;
constexpr auto kMaxRetryTime = 30s;
/// While another program owns the tables, as a rule an agent that is about to end.
constexpr auto kMaxRetryForOwnerTime = 1s;
/// A change by others within this time after a repair is a quarrel: two programs undo each other's changes.
constexpr auto kQuarrel = 1s;
constexpr auto kFirstDistance = 10ms;
constexpr auto kMaxDistanceTime = 1s;

}  // namespace

bool plan_may_be_refused(const Error& error) { return !is_passing(error.code) && error.code != EPERM; }

TableSync::TableSync() : backoff_(kFirstRetry, kMaxRetryTime), quarrel_(kFirstDistance, kMaxDistanceTime) {}

void TableSync::invalidate() {
  whole_ = true;
  pending_ = true;
}

void TableSync::distrust(Moment now) {
  distrusted_ = true;
  // The tables will be read back in any case: nothing is put off further.
  if ((whole_ || always_whole_) && pending_) return;
  const bool due = pending_ && !retry_;
  invalidate();
  const bool quarrel = repaired_ && now - *repaired_ < kQuarrel;
  if (!quarrel) quarrel_.succeed();
  const Clock::duration distance = quarrel ? quarrel_.fail() : Clock::duration::zero();
  if (!due) retry_ = now + distance;
}

Result<void> TableSync::run(Moment now, const Attempt& attempt) {
  retry_.reset();
  progressed_ = false;
  const bool whole = whole_ || always_whole_;
  auto done = attempt(whole ? Scope::whole : Scope::changes);
  // The refused plan may be out of date; reading the tables shows that.
  if (!done && !whole && plan_may_be_refused(done.error())) done = attempt(Scope::whole);
  pending_ = !done;
  whole_ = !done;
  if (done) {
    backoff_.succeed();
    if (std::exchange(distrusted_, false)) repaired_ = now;
    return {};
  }
  if (progressed_) backoff_.succeed();
  const Clock::duration wait = backoff_.fail();
  retry_ = now + (done.error().code == EPERM ? std::min<Clock::duration>(wait, kMaxRetryForOwnerTime) : wait);
  return fail(done.error().message, done.error().code);
}

}  // namespace selvage::controller

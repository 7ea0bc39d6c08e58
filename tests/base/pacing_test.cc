#include <catch2/catch.hpp>
#include <vector>

#include "base/backoff.h"
#include "base/deadline.h"
#include "base/retry.h"
#include "base/token_bucket.h"

namespace selvage {
namespace {

using namespace std::chrono_literals;

const Moment kNow = Moment{} + 1000h;

TEST_CASE("a backoff doubles up to its limit and starts again after a success") {
  Backoff backoff(100ms, 350ms);
  for (const auto wait : {100ms, 200ms, 350ms, 350ms}) CHECK(backoff.fail() == wait);
  backoff.succeed();
  CHECK(backoff.fail() == 100ms);
}

TEST_CASE("a retry is due at once, backs off, and ends with a success") {
  Retry retry;
  CHECK(retry.due() <= kNow);
  CHECK(retry.failed(kNow));
  CHECK(retry.due() == kNow + 250ms);
  CHECK_FALSE(retry.failed(kNow));
  CHECK(retry.due() == kNow + 500ms);
  CHECK(retry.succeeded());
  CHECK_FALSE(retry.due());
}

TEST_CASE("a first attempt that succeeds reports no earlier failure") { CHECK_FALSE(Retry().succeeded()); }

TEST_CASE("the earlier of two deadlines, where nothing is never") {
  const std::optional<Moment> never;
  const std::optional<Moment> soon = kNow;
  const std::optional<Moment> later = kNow + 1s;
  CHECK(earlier(soon, later) == soon);
  CHECK(earlier(later, soon) == soon);
  CHECK(earlier(soon, never) == soon);
  CHECK(earlier(never, soon) == soon);
  CHECK_FALSE(earlier(never, never));
}

TEST_CASE("a token bucket gives its burst, then its rate") {
  TokenBucket bucket(10, 3);
  Moment now = kNow;
  CHECK(bucket.full(now));
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(now));
  CHECK_FALSE(bucket.take(now));
  CHECK(bucket.next() == now + 100ms);
  CHECK_FALSE(bucket.take(now + 99ms));
  CHECK(bucket.take(now + 100ms));
  CHECK_FALSE(bucket.take(now + 199ms));
  CHECK_FALSE(bucket.full(now + 399ms));
  CHECK(bucket.full(now + 400ms));
  now += 10h;
  for (int i = 0; i < 3; ++i) CHECK(bucket.take(now));
  CHECK_FALSE(bucket.take(now));
}

TEST_CASE("a token bucket by interval gives one token in each") {
  TokenBucket bucket(1min, 1);
  CHECK(bucket.take(kNow));
  CHECK_FALSE(bucket.take(kNow + 59s));
  CHECK(bucket.take(kNow + 60s));
}

}  // namespace
}  // namespace selvage

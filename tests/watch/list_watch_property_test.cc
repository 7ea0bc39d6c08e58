#include <catch2/catch.hpp>
#include <cerrno>
#include <optional>

#include "tests/support/property.h"
#include "tests/support/random_values.h"
#include "tests/watch/list_watch_driver.h"

/// A server that answers at random, and then correctly.
namespace selvage::k8s_client {
namespace {

using testing::below;
using testing::chance;
using testing::pick;
using testing::Random;
using Type = WatchEvent::Type;

const ListWatchOptions& options() {
  static const ListWatchOptions kOptions;
  return kOptions;
}

/// A ListWatch and a server that answers nonsense. Counts requests, and knows the last version.
class Chaos {
 public:
  explicit Chaos(Random& random) : random_(random), streaming_(chance(random, 50)), machine_(make(random)) {}

  /// One request and its answer, or one wait.
  void step() {
    const auto step = machine_.next(now_);
    if (const auto* wait = std::get_if<ListWatch::Wait>(&step)) return pass_wait(*wait);
    const auto& get = std::get<ListWatch::Get>(step);
    count(get);
    if (chance(random_, 40)) return refuse_or_break();
    machine_.accepted(now_);
    if (get.body == ListWatch::Get::Body::list ? answer_list() : answer_events()) finish();
  }

  /// The same with correct answers. True: a watch runs.
  bool sensible_step() {
    const auto step = machine_.next(now_);
    if (const auto* wait = std::get_if<ListWatch::Wait>(&step)) return pass_wait(*wait), false;
    const auto& get = std::get<ListWatch::Get>(step);
    count(get);
    if (get.target.find("sendInitialEvents") != std::string::npos) return answer_sensible_stream();
    machine_.accepted(now_);
    if (get.body == ListWatch::Get::Body::events) return true;
    version_ = next_version();
    CHECK(machine_.page({version_, ""}, now_));
    machine_.ended(now_);
    return false;
  }

  [[nodiscard]] const ListWatch& machine() const { return machine_; }
  /// Requests, without pages that follow a page.
  [[nodiscard]] std::size_t requests() const { return requests_; }
  [[nodiscard]] Moment now() const { return now_; }

 private:
  ListWatch make(Random& random) {
    ListWatchOptions options;
    options.streaming_lists = chance(random, 50);
    return {Resource::namespaces, options, [this] { return static_cast<double>(below(random_, 1000)) / 1000; }};
  }

  void pass_wait(const ListWatch::Wait& wait) {
    CHECK(wait.until > now_);
    CHECK(wait.until - now_ <= std::max(options().max_wait, options().max_retry_after));
    now_ = wait.until;
  }

  /// A watch begins at the last reported version.
  void count(const ListWatch::Get& get) {
    if (!std::exchange(follows_page_, false)) ++requests_;
    if (get.body == ListWatch::Get::Body::list || get.begins_list) return;
    REQUIRE_FALSE(version_.empty());
    CHECK(get.target.find("&resourceVersion=" + version_ + "&") != std::string::npos);
  }

  void pass_some() {
    if (chance(random_, 20)) now_ += std::chrono::milliseconds(below(random_, 200'000));
  }

  std::string next_version() { return std::to_string(++versions_); }
  std::string some_version() {
    if (chance(random_, 10)) return "";
    return chance(random_, 20) ? version_ : next_version();
  }

  ApiStatus some_status() {
    constexpr std::array kCodes = {0, 302, 400, 401, 403, 404, 408, 410, 422, 429, 500, 501, 503, 504};
    constexpr std::array kReasons = {"", "", "", "Expired", "Gone", "Timeout"};
    ApiStatus status = status_of(pick(random_, kCodes), pick(random_, kReasons));
    if (chance(random_, 20)) status.retry_after = std::chrono::seconds(static_cast<std::int64_t>(random_()));
    status.resource_version_too_large = chance(random_, 10);
    return status;
  }

  void break_it() {
    constexpr std::array kErrors = {0, ECONNREFUSED, ETIMEDOUT, EBADMSG, EPROTO};
    pass_some();
    machine_.broken({"broken", pick(random_, kErrors)}, now_);
  }

  void refuse_or_break() {
    if (chance(random_, 30)) return break_it();
    pass_some();
    machine_.refused(some_status(), now_);
  }

  void finish() {
    if (chance(random_, 50)) return break_it();
    pass_some();
    machine_.ended(now_);
  }

  bool answer_list() {
    if (chance(random_, 20)) return true;
    const ListMeta meta = {some_version(), chance(random_, 50) ? "token" + std::to_string(below(random_, 3)) : ""};
    if (machine_.page(meta, now_)) version_ = meta.resource_version;
    follows_page_ = !meta.continue_token.empty();
    return true;
  }

  WatchEvent some_event() {
    constexpr std::array kTypes = {Type::added, Type::added, Type::modified, Type::deleted};
    if (chance(random_, 10)) return error_event(some_status());
    if (chance(random_, 30)) return chance(random_, 30) ? list_end(some_version()) : bookmark(some_version());
    return chance(random_, 10) ? nameless(some_version()) : event_of(pick(random_, kTypes), some_version());
  }

  /// False: it hung up.
  bool answer_events() {
    for (auto events = below(random_, 5); events > 0; --events) {
      pass_some();
      const WatchEvent event = some_event();
      const auto use = machine_.event(event, now_);
      if (use == ListWatch::Use::hang_up) return false;
      if (use != ListWatch::Use::list_item && machine_.synced()) note(event, use);
    }
    return true;
  }

  void note(const WatchEvent& event, ListWatch::Use use) {
    const bool listing = use == ListWatch::Use::nothing && machine_.stale_since();
    if (!listing && !event.object.resource_version.empty()) version_ = event.object.resource_version;
  }

  bool answer_sensible_stream() {
    if (!streaming_) {
      machine_.refused(status_of(422, "Invalid"), now_);
      return false;
    }
    machine_.accepted(now_);
    CHECK(machine_.event(event_of(Type::added, next_version()), now_) == ListWatch::Use::list_item);
    CHECK(machine_.event(list_end(next_version()), now_) == ListWatch::Use::list_whole);
    return true;
  }

  Random& random_;
  bool streaming_;  ///< the server knows streamed lists, when it answers correctly
  Moment now_{1000h};
  std::uint64_t versions_ = 0;
  std::string version_;  ///< up to which the store is
  std::size_t requests_ = 0;
  bool follows_page_ = false;
  ListWatch machine_;
};

constexpr std::size_t kMaxSensibleSteps = 12;

TEST_CASE("whatever the server answers: no spinning, no long wait, nothing skipped, and a watch in the end") {
  testing::for_each_seed(300, [](Random& random) {
    Chaos chaos(random);
    const Moment start = chaos.now();
    const std::size_t steps = below(random, 300);
    for (std::size_t i = 0; i < steps; ++i) chaos.step();
    // After each wait at most: a streamed list that is refused, a list, the same in full, a watch.
    const auto waits = (chaos.now() - start) / (options().first_wait / 2);
    CHECK(chaos.requests() <= 4 * (static_cast<std::size_t>(waits) + 1));
    bool watching = false;
    for (std::size_t i = 0; i < kMaxSensibleSteps && !watching; ++i) watching = chaos.sensible_step();
    REQUIRE(watching);
    CHECK(chaos.machine().synced());
    CHECK_FALSE(chaos.machine().stale_since());
    CHECK(chaos.machine().last_error().empty());
  });
}

TEST_CASE(
    "a server that answers nonsense at once is asked no more often than the longest wait allows, in the long run") {
  testing::for_each_seed(30, [](Random& random) {
    Driver driver(chance(random, 50) ? ListWatchOptions{} : paged());
    const Moment start = driver.now();
    std::size_t requests = 0;
    while (driver.now() - start < 1h) {
      driver.next();
      ++requests;
      if (chance(random, 50)) {
        driver.refuse(chance(random, 50) ? 410 : 500);
      } else {
        driver.accept();
        driver.breaks(chance(random, 50) ? EBADMSG : EPROTO);
      }
    }
    CHECK(requests < static_cast<std::size_t>(1h / (options().max_wait / 2)) + 20);
  });
}

}  // namespace
}  // namespace selvage::k8s_client

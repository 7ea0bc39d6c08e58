#include "k8s_client/watch/list_watch.h"

#include <algorithm>
#include <cerrno>
#include <utility>

/// The transitions of ListWatch, except for refusals.
namespace selvage::k8s_client {
namespace {

/// After this many broken streams in a row a list is read in pages.
constexpr std::size_t kMaxBrokenStreams = 2;
/// After this many failures in a row, of watches from one version or of requests for one page, a new list is read.
constexpr std::size_t kMaxFailures = 3;
/// A watch that ends sooner has failed.
constexpr std::chrono::seconds kMinWatch{1};
/// A watch that lasts this long works, even without an event.
constexpr std::chrono::seconds kLongWatch{10};

/// The wait that a server asks for, limited to 0 to `most`: its number can be anything.
std::chrono::milliseconds within(std::chrono::seconds asked_for, std::chrono::milliseconds most) {
  const auto seconds = std::clamp(asked_for, std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(most));
  return std::min<std::chrono::milliseconds>(seconds, most);
}

}  // namespace

ListWatch::ListWatch(Resource resource, const ListWatchOptions& options, Chance chance)
    : resource_(resource),
      options_(options),
      chance_(std::move(chance)),
      backoff_(options.first_wait, options.max_wait),
      knows_streaming_(options.streaming_lists) {
  start_list();
}

void ListWatch::accepted(Moment now) {
  under_way_.accepted = now;
  if (const auto* absent = std::get_if<Absent>(&state_)) {
    // The resource has appeared: this is the first page of its list.
    Listing listing;
    listing.begun = absent->begun;
    go_stale(listing.begun);
    state_ = std::move(listing);
  }
  auto* watching = std::get_if<Watching>(&state_);
  if (watching == nullptr) return;
  watching->stale_before = std::exchange(health_.stale_since, std::nullopt);
  health_.last_error.clear();
}

bool ListWatch::page(const ListMeta& meta, Moment now) {
  auto& listing = std::get<Listing>(state_);
  under_way_.heard = true;
  listing.failures = 0;
  listing.not_found = false;
  const bool goes_on = !meta.continue_token.empty();
  const bool astray = goes_on ? meta.continue_token == listing.continue_token : meta.resource_version.empty();
  listing.continue_token = astray ? "" : meta.continue_token;
  if (astray) {
    wait_after_failure(goes_on ? "the continue token of a list repeats itself" : "the list has no resourceVersion",
                       now);
    return false;
  }
  health_.last_error.clear();
  if (!goes_on) list_whole(meta.resource_version, listing.begun);
  return !goes_on;
}

ListWatch::Use ListWatch::event(const WatchEvent& event, Moment now) {
  under_way_.last_event = now;
  if (event.type == WatchEvent::Type::error) return error_event(event.status, now);
  if (const auto* streaming = std::get_if<Streaming>(&state_)) return streamed(*streaming, event, now);
  return watched(std::get<Watching>(state_), event, now);
}

/// Before its end a streamed list has only ADDED events and bookmarks.
ListWatch::Use ListWatch::streamed(const Streaming& streaming, const WatchEvent& event, Moment now) {
  if (event.type == WatchEvent::Type::added) return Use::list_item;
  if (event.type == WatchEvent::Type::bookmark) {
    if (!event.initial_events_end) return Use::nothing;
    if (!event.object.resource_version.empty()) {
      list_whole(event.object.resource_version, streaming.begun);
      under_way_.heard = true;
      health_.stale_since.reset();
      return Use::list_whole;
    }
  }
  stream_failed();
  wait_after_failure("a streamed list has an unexpected event", now);
  return Use::hang_up;
}

ListWatch::Use ListWatch::watched(Watching& watching, const WatchEvent& event, Moment now) {
  if (event.type != WatchEvent::Type::bookmark && !event.object.key) {
    watch_over(watching, now, false);
    failed_again(watching.failures);
    wait_after_failure("an event's object has no readable name", now);
    return Use::hang_up;
  }
  under_way_.heard = true;
  const std::string& version = event.object.resource_version;
  if (!version.empty() && version != watching.resource_version) {
    watching.resource_version = version;
    moved_on(watching);
  }
  return event.type == WatchEvent::Type::bookmark ? Use::nothing : Use::apply;
}

void ListWatch::ended(Moment now) {
  std::visit([&](auto& state) { ended(state, now); }, state_);
}

void ListWatch::ended(Listing& listing, Moment now) {
  if (under_way_.heard) return;
  failed_again(listing.failures);
  wait_after_failure("the list is incomplete", now);
}

void ListWatch::ended(Streaming& /*streaming*/, Moment now) {
  stream_failed();
  wait_after_failure("the streamed list is incomplete", now);
}

void ListWatch::ended(Watching& watching, Moment now) {
  if (under_way_.of_page) return;  // the request of the list's last page
  if (under_way_.accepted && now - *under_way_.accepted >= kMinWatch) {
    moved_on(watching);
    return go_stale(now);
  }
  watch_over(watching, now, false);
  failed_again(watching.failures);
  wait_after_failure("the watch ended at once", now);
}

void ListWatch::ended(Absent& /*absent*/, Moment /*now*/) {}  // never called: `accepted` or `refused` comes first

void ListWatch::broken(const Error& error, Moment now) {
  const bool failed = std::visit([&](auto& state) { return broken(state, error.code, now); }, state_);
  if (failed) wait_after_failure(error.message, now);
}

bool ListWatch::broken(Listing& listing, int code, Moment /*now*/) {
  listing.not_found = false;
  if (code == EBADMSG) listing.continue_token.clear();
  failed_again(listing.failures);
  return true;
}

bool ListWatch::broken(Streaming& /*streaming*/, int code, Moment /*now*/) {
  if (under_way_.accepted || code == ETIMEDOUT) stream_failed();
  return true;
}

bool ListWatch::broken(Watching& watching, int code, Moment now) {
  // A complete list counts, however its connection ended.
  if (under_way_.of_page) return false;
  const bool ran = watch_over(watching, now, code == ETIMEDOUT);
  if (under_way_.accepted && (code == EBADMSG || !ran)) failed_again(watching.failures);
  return true;
}

bool ListWatch::broken(Absent& /*absent*/, int /*code*/, Moment now) {
  start_list();
  go_stale(now);
  return true;
}

void ListWatch::failed_again(std::size_t& failures) {
  if (++failures >= kMaxFailures) start_list();
}

void ListWatch::stream_failed() {
  ++streams_failed_;
  start_list();
}

void ListWatch::start_list() {
  if (knows_streaming_ && streams_failed_ < kMaxBrokenStreams) {
    state_ = Streaming{};
  } else {
    state_ = Listing{};
  }
}

/// The backoff is not reset: a server whose watches all fail must not get list requests without delay.
void ListWatch::list_whole(const std::string& resource_version, Moment begun) {
  Watching watching;
  watching.resource_version = resource_version;
  state_ = std::move(watching);
  streams_failed_ = 0;
  health_.synced = true;
  health_.last_error.clear();
  if (health_.stale_since) health_.stale_since = std::max(*health_.stale_since, begun);
}

/// The watch has got past a version at which it may have failed.
void ListWatch::moved_on(Watching& watching) {
  watching.failures = 0;
  watching.stale_before.reset();
  backoff_.succeed();
}

void ListWatch::wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after) {
  health_.last_error = std::move(why);
  const auto asked_for = within(retry_after.value_or(std::chrono::seconds(0)), options_.max_retry_after);
  wait(now, backoff_.fail(), asked_for);
}

/// Randomly up to half of the longest wait is left out, so that the agents of a cluster do not return all at once.
void ListWatch::wait(Moment now, std::chrono::milliseconds longest, std::chrono::milliseconds shortest) {
  const std::chrono::duration<double, std::milli> jittered = longest * (0.5 + 0.5 * chance_());
  wait_until_ = now + std::max(std::chrono::ceil<std::chrono::milliseconds>(jittered), shortest);
}

bool ListWatch::watch_over(Watching& watching, Moment now, bool silent) {
  const bool lasted = under_way_.accepted && now - *under_way_.accepted >= kLongWatch;
  const bool ran = under_way_.heard || (lasted && !silent);
  if (ran) watching.stale_before.reset();
  if (lasted) backoff_.succeed();
  go_stale(watching.stale_before.value_or(silent ? under_way_.last_event : now));
  return ran;
}

void ListWatch::go_stale(Moment since) {
  if (!health_.stale_since) health_.stale_since = since;
}

}  // namespace selvage::k8s_client

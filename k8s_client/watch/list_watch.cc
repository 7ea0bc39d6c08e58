#include "k8s_client/watch/list_watch.h"

#include <algorithm>
#include <cerrno>
#include <utility>

/// What the API server's answers mean to ListWatch.
namespace selvage::k8s_client {
namespace {

/// Streamed lists that break this often in a row give way to a paged one: progress before elegance.
constexpr std::size_t kMaxBrokenStreams = 2;
/// Watches from one version, and requests for one page, that fail this often in a row give way to a list.
constexpr std::size_t kMaxFailures = 3;
/// A watch that ends sooner was no watch.
constexpr std::chrono::seconds kShortestWatch{1};
/// A watch that holds longer works, though there may be no news.
constexpr std::chrono::seconds kLongWatch{10};

bool is_expired(const ApiStatus& status) {
  return status.code == 410 || status.reason == "Expired" || status.reason == "Gone";
}

/// The server, or its opinion of us, may change: the same request is worth trying again.
bool may_pass(const ApiStatus& status) {
  return status.code >= 500 || status.code == 401 || status.code == 403 || status.code == 408 || status.code == 429;
}

/// What servers without streaming lists answer: they refuse the parameters as invalid.
bool knows_no_streaming(const ApiStatus& status) {
  return status.code == 501 || (status.code >= 400 && status.code < 500 && !may_pass(status) && !is_expired(status));
}

std::string describe(const ApiStatus& status, Resource resource) {
  std::string text = "the API server answered " + std::to_string(status.code);
  if (!status.message.empty()) text += ": " + status.message;
  if (status.code == 401) text += "; the token or certificate may have expired";
  if (status.code == 403) text += "; grant get, list and watch on " + std::string(to_string(resource));
  return text;
}

/// What a server asks for, within what it may: any number at all can stand there.
std::chrono::milliseconds within(std::chrono::seconds asked_for, std::chrono::milliseconds most) {
  const auto seconds = std::clamp(asked_for, std::chrono::seconds(0), std::chrono::ceil<std::chrono::seconds>(most));
  return std::min<std::chrono::milliseconds>(seconds, most);
}

}  // namespace

ListWatch::ListWatch(Resource resource, const ListWatchOptions& options, Chance chance)
    : resource_(resource),
      options_(options),
      chance_(std::move(chance)),
      backoff_(options.first_wait, options.most_wait),
      knows_streaming_(options.streaming_lists) {
  start_list();
}

void ListWatch::accepted(Moment now) {
  accepted_ = now;
  if (asked_ != State::watch) return;
  stale_before_ = std::exchange(stale_since_, std::nullopt);
  last_error_.clear();
}

void ListWatch::refused(const ApiStatus& status, Moment now) {
  const bool falls_back = (asked_ == State::streaming_list && knows_no_streaming(status)) ||
                          (asked_ == State::list && is_expired(status) && !continue_.empty() && paged_);
  switch (asked_) {
    case State::list:
      refused_list(status);
      break;
    case State::streaming_list:
      refused_streaming_list(status);
      break;
    case State::watch:
      refused_watch(status);
  }
  if (!falls_back) wait_after_failure(describe(status, resource_), now, status.retry_after);
}

/// A page's token that is no longer good comes from a list that takes longer than etcd keeps its
/// versions: it is asked for in one piece.
void ListWatch::refused_list(const ApiStatus& status) {
  if (is_expired(status)) {
    if (!continue_.empty()) paged_ = false;
    continue_.clear();
  } else if (status.code >= 500) {
    failed_again();
  } else if (!may_pass(status)) {
    continue_.clear();
  }
}

void ListWatch::refused_streaming_list(const ApiStatus& status) {
  if (knows_no_streaming(status)) {
    knows_streaming_ = false;
    start_list();
  } else if (status.code >= 500 || is_expired(status)) {
    stream_failed();
  }
}

void ListWatch::refused_watch(const ApiStatus& status) {
  if (is_expired(status)) return start_list();
  // Once a watch is accepted, an error is about what it should send, which it will be each time.
  if (status.resource_version_too_large || (accepted_ && status.code >= 500)) return failed_again();
  if (!may_pass(status)) start_list();
}

bool ListWatch::page(const ListMeta& meta, Moment now) {
  heard_ = true;
  failures_ = 0;
  const bool goes_on = !meta.continue_token.empty();
  const bool astray = goes_on ? meta.continue_token == continue_ : meta.resource_version.empty();
  continue_ = astray ? "" : meta.continue_token;
  if (astray) {
    wait_after_failure(goes_on ? "a page of a list leads to itself" : "a list has no resourceVersion", now);
    return false;
  }
  last_error_.clear();
  if (!goes_on) list_whole(meta.resource_version);
  return !goes_on;
}

ListWatch::Use ListWatch::event(const WatchEvent& event, Moment now) {
  last_event_ = now;
  if (event.type == WatchEvent::Type::error) return error_event(event.status, now);
  return state_ == State::streaming_list ? streamed(event, now) : watched(event, now);
}

/// Up to its end a streamed list has nothing but ADDED.
ListWatch::Use ListWatch::streamed(const WatchEvent& event, Moment now) {
  if (event.type == WatchEvent::Type::added) return Use::list_item;
  if (event.type == WatchEvent::Type::bookmark) {
    if (!event.initial_events_end) return Use::nothing;
    if (!event.object.resource_version.empty()) {
      list_whole(event.object.resource_version);
      heard_ = true;
      stale_since_.reset();
      return Use::list_whole;
    }
  }
  stream_failed();
  wait_after_failure("a list that is streamed has an event that does not belong there", now);
  return Use::hang_up;
}

ListWatch::Use ListWatch::watched(const WatchEvent& event, Moment now) {
  if (event.type != WatchEvent::Type::bookmark && !event.object.key) {
    watch_over(now, false);
    failed_again();
    wait_after_failure("an event's object has no readable name", now);
    return Use::hang_up;
  }
  heard_ = true;
  const std::string& version = event.object.resource_version;
  if (!version.empty() && version != resource_version_) {
    resource_version_ = version;
    moved_on();
  }
  return event.type == WatchEvent::Type::bookmark ? Use::nothing : Use::apply;
}

ListWatch::Use ListWatch::error_event(const ApiStatus& status, Moment now) {
  if (state_ == State::streaming_list) {
    stream_failed();
  } else {
    watch_over(now, false);
    refused_watch(status);
  }
  wait_after_failure(describe(status, resource_), now, status.retry_after);
  return Use::hang_up;
}

void ListWatch::ended(Moment now) {
  switch (state_) {
    case State::list:
      if (heard_) break;
      failed_again();
      wait_after_failure("a list ended before its end", now);
      break;
    case State::streaming_list:
      stream_failed();
      wait_after_failure("a list that is streamed ended before it was whole", now);
      break;
    case State::watch:
      if (asked_ != State::list) watch_ended(now);
  }
}

void ListWatch::watch_ended(Moment now) {
  if (accepted_ && now - *accepted_ >= kShortestWatch) {
    moved_on();
    return go_stale(now);
  }
  watch_over(now, false);
  failed_again();
  wait_after_failure("a watch ended at once", now);
}

void ListWatch::broken(const Error& error, Moment now) {
  const bool garbage = error.code == EBADMSG;
  const bool silent = error.code == ETIMEDOUT;
  switch (state_) {
    case State::list:
      if (garbage) continue_.clear();
      failed_again();
      break;
    case State::streaming_list:
      if (accepted_ || silent) stream_failed();
      break;
    case State::watch:
      // A list that is whole is whole, however its connection ended.
      if (asked_ == State::list) return;
      if (const bool ran = watch_over(now, silent); accepted_ && (garbage || !ran)) failed_again();
  }
  wait_after_failure(error.message, now);
}

void ListWatch::failed_again() {
  if (++failures_ >= kMaxFailures) start_list();
}

void ListWatch::stream_failed() {
  ++streams_failed_;
  start_list();
}

void ListWatch::start_list() {
  state_ = knows_streaming_ && streams_failed_ < kMaxBrokenStreams ? State::streaming_list : State::list;
  paged_ = true;
  continue_.clear();
  failures_ = 0;
}

/// The waits after failures stay as long as they are: a server whose watches all fail is not to be
/// asked for one list after the other.
void ListWatch::list_whole(const std::string& resource_version) {
  resource_version_ = resource_version;
  state_ = State::watch;
  streams_failed_ = 0;
  synced_ = true;
  last_error_.clear();
  if (stale_since_) stale_since_ = std::max(*stale_since_, list_begun_);
}

/// The watch is past what may have stopped it.
void ListWatch::moved_on() {
  failures_ = 0;
  backoff_.succeed();
  stale_before_.reset();
}

void ListWatch::wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after) {
  last_error_ = std::move(why);
  const std::chrono::duration<double, std::milli> jittered = backoff_.fail() * (0.5 + 0.5 * chance_());
  auto wait = std::chrono::ceil<std::chrono::milliseconds>(jittered);
  if (retry_after) wait = std::max(wait, within(*retry_after, options_.most_retry_after));
  wait_until_ = now + wait;
}

bool ListWatch::watch_over(Moment now, bool silent) {
  const bool lasted = accepted_ && now - *accepted_ >= kLongWatch;
  const bool ran = heard_ || (lasted && !silent);
  if (ran) stale_before_.reset();
  if (lasted) backoff_.succeed();
  go_stale(silent ? last_event_ : now);
  return ran;
}

void ListWatch::go_stale(Moment since) {
  if (!stale_since_) stale_since_ = stale_before_.value_or(since);
}

}  // namespace selvage::k8s_client

#include "k8s_client/watch/list_watch.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace selvage::k8s_client {
namespace {

/// Streamed lists that break this often in a row give way to a paged one: progress before elegance.
constexpr std::size_t kMostBrokenStreams = 2;
/// Watches that fail this often in a row from one version give way to a list.
constexpr std::size_t kMostFailedWatches = 3;
/// A watch that ends sooner, with nothing in it, was no watch.
constexpr std::chrono::seconds kShortestWatch{1};

bool is_expired(const ApiStatus& status) {
  return status.code == 410 || status.reason == "Expired" || status.reason == "Gone";
}

/// Percent-encoding of a value in a query (RFC 3986 section 2.3): what servers hand out is opaque.
std::string encoded(std::string_view value) {
  constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const char c : value) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      text += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text += {'%', kDigits[byte >> 4U], kDigits[byte & 0xfU]};
    }
  }
  return text;
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

}  // namespace

ListWatch::ListWatch(Resource resource, const ListWatchOptions& options, Chance chance)
    : resource_(resource),
      options_(options),
      chance_(std::move(chance)),
      backoff_(options.first_wait, options.most_wait),
      knows_streaming_(options.streaming_lists) {
  start_list();
}

std::variant<ListWatch::Get, ListWatch::Wait> ListWatch::next(Moment now) {
  if (!std::exchange(started_, true)) go_blind(now);
  if (now < wait_until_) return Wait{wait_until_};
  asked_ = state_;
  accepted_.reset();
  progress_ = false;
  last_seen_ = now;
  switch (state_) {
    case State::list:
      return list_request();
    case State::streaming_list:
      return streaming_list_request();
    case State::watch:
      break;
  }
  return watch_request();
}

ListWatch::Get ListWatch::list_request() const {
  std::string query = paged_ ? "limit=" + std::to_string(options_.page_size) : "";
  if (!continue_.empty()) query += (query.empty() ? "continue=" : "&continue=") + encoded(continue_);
  return {Get::Body::list, continue_.empty(), target(std::move(query)), options_.list_idle_limit};
}

ListWatch::Get ListWatch::streaming_list_request() const {
  return {Get::Body::events, true,
          target("watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true" +
                 timeout_query()),
          options_.watch_idle_limit};
}

ListWatch::Get ListWatch::watch_request() const {
  return {Get::Body::events, false,
          target("watch=true&resourceVersion=" + encoded(resource_version_) + "&allowWatchBookmarks=true" +
                 timeout_query()),
          options_.watch_idle_limit};
}

std::string ListWatch::target(std::string query) const {
  const std::string_view selector = selector_query(resource_);
  if (!query.empty() && !selector.empty()) query += "&";
  query += selector;
  return std::string(path_of(resource_)) + (query.empty() ? "" : "?" + query);
}

std::string ListWatch::timeout_query() const {
  const auto least = static_cast<double>(options_.watch_timeout.count());
  return "&timeoutSeconds=" + std::to_string(static_cast<std::int64_t>(least * (1 + chance_())));
}

void ListWatch::accepted(Moment now) {
  accepted_ = now;
  last_seen_ = now;
  if (asked_ != State::watch) return;
  blind_since_.reset();
  trouble_.clear();
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
      go_blind(now);
      refused_watch(status);
  }
  if (!falls_back) wait_after_failure(describe(status, resource_), now, status.retry_after);
}

/// A page's token that is no longer good comes from a list that takes longer than etcd keeps its
/// versions: it is asked for in one piece.
void ListWatch::refused_list(const ApiStatus& status) {
  if (may_pass(status)) return;
  if (is_expired(status) && !continue_.empty()) paged_ = false;
  continue_.clear();
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
  if (status.resource_version_too_large) return watch_failed();
  if (!may_pass(status)) start_list();
}

bool ListWatch::page(const ListMeta& meta, Moment now) {
  last_seen_ = now;
  continue_ = meta.continue_token;
  if (!continue_.empty()) {
    backoff_.succeed();
    return false;
  }
  if (meta.resource_version.empty()) {
    wait_after_failure("a list has no resourceVersion", now);
    return false;
  }
  list_whole(meta.resource_version, now);
  return true;
}

ListWatch::Use ListWatch::event(const WatchEvent& event, Moment now) {
  last_seen_ = now;
  if (event.type == WatchEvent::Type::error) return error_event(event.status, now);
  return state_ == State::streaming_list ? streamed(event, now) : watched(event, now);
}

/// Up to its end a streamed list has nothing but ADDED.
ListWatch::Use ListWatch::streamed(const WatchEvent& event, Moment now) {
  if (event.type == WatchEvent::Type::added) return Use::list_item;
  if (event.type == WatchEvent::Type::bookmark) {
    if (!event.initial_events_end) return Use::nothing;
    if (!event.object.resource_version.empty()) {
      list_whole(event.object.resource_version, now);
      blind_since_.reset();
      return Use::list_whole;
    }
  }
  stream_failed();
  wait_after_failure("a list that is streamed has an event that does not belong there", now);
  return Use::hang_up;
}

ListWatch::Use ListWatch::watched(const WatchEvent& event, Moment now) {
  if (event.type != WatchEvent::Type::bookmark && !event.object.key) {
    go_blind(now);
    watch_failed();
    wait_after_failure("an event's object has no readable name", now);
    return Use::hang_up;
  }
  if (!event.object.resource_version.empty()) resource_version_ = event.object.resource_version;
  progress(now);
  return event.type == WatchEvent::Type::bookmark ? Use::nothing : Use::apply;
}

ListWatch::Use ListWatch::error_event(const ApiStatus& status, Moment now) {
  go_blind(now);
  if (state_ == State::streaming_list) {
    stream_failed();
  } else {
    refused_watch(status);
  }
  wait_after_failure(describe(status, resource_), now, status.retry_after);
  return Use::hang_up;
}

void ListWatch::ended(Moment now) {
  if (asked_ == State::list) return;
  go_blind(now);
  if (state_ == State::streaming_list) {
    stream_failed();
    wait_after_failure("a list that is streamed ended before it was whole", now);
  } else if (!progress_ && now - accepted_.value_or(now) < kShortestWatch) {
    wait_after_failure("a watch ended at once", now);
  } else {
    backoff_.succeed();
  }
}

void ListWatch::broken(const Error& error, Moment now) {
  // A list that is whole is whole, however its connection ended.
  if (asked_ == State::list && state_ == State::watch) return;
  go_blind(error.code == ETIMEDOUT ? last_seen_ : now);
  const bool garbage = error.code == EBADMSG;
  if (state_ == State::streaming_list && accepted_) stream_failed();
  if (state_ == State::watch && garbage) watch_failed();
  if (state_ == State::list && garbage) continue_.clear();
  wait_after_failure(error.message, now);
}

void ListWatch::watch_failed() {
  if (++watches_failed_ >= kMostFailedWatches) start_list();
}

void ListWatch::stream_failed() {
  ++streams_failed_;
  start_list();
}

void ListWatch::start_list() {
  state_ = knows_streaming_ && streams_failed_ < kMostBrokenStreams ? State::streaming_list : State::list;
  paged_ = true;
  continue_.clear();
}

void ListWatch::list_whole(const std::string& resource_version, Moment now) {
  resource_version_ = resource_version;
  state_ = State::watch;
  streams_failed_ = 0;
  synced_ = true;
  trouble_.clear();
  progress(now);
}

void ListWatch::progress(Moment now) {
  last_seen_ = now;
  progress_ = true;
  watches_failed_ = 0;
  backoff_.succeed();
}

void ListWatch::wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after) {
  trouble_ = std::move(why);
  const std::chrono::duration<double, std::milli> jittered = backoff_.fail() * (0.5 + 0.5 * chance_());
  auto wait = std::chrono::ceil<std::chrono::milliseconds>(jittered);
  if (retry_after) wait = std::max(wait, std::min<std::chrono::milliseconds>(*retry_after, options_.most_retry_after));
  wait_until_ = now + wait;
}

void ListWatch::go_blind(Moment since) {
  if (!blind_since_) blind_since_ = since;
}

}  // namespace selvage::k8s_client

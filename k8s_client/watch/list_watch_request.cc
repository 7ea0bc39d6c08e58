#include <cstdint>
#include <utility>

#include "k8s_client/watch/list_watch.h"

/// What ListWatch asks the API server for.
namespace selvage::k8s_client {
namespace {

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

}  // namespace

std::variant<ListWatch::Get, ListWatch::Wait> ListWatch::next(Moment now) {
  if (!std::exchange(started_, true)) go_stale(now);
  if (now < wait_until_) return Wait{wait_until_};
  asked_ = state_;
  accepted_.reset();
  heard_ = false;
  if (state_ == State::watch) return watch_request();
  if (continue_.empty()) list_begun_ = now;
  return state_ == State::list ? list_request() : streaming_list_request();
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

}  // namespace selvage::k8s_client

#include <cstdint>
#include <utility>

#include "k8s_client/watch/list_watch.h"

/// The requests of ListWatch.
namespace selvage::k8s_client {
namespace {

/// Percent-encodes a value for a query (RFC 3986 section 2.3): versions and tokens of servers are opaque.
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
  if (!health_.synced) go_stale(now);
  if (now < wait_until_) return Wait{wait_until_};
  Get get = std::visit([&](auto& state) { return request(state, now); }, state_);
  under_way_ = {};
  under_way_.of_page = get.body == Get::Body::list;
  return get;
}

ListWatch::Get ListWatch::request(Listing& listing, Moment now) const {
  const bool begins = listing.continue_token.empty();
  if (begins) listing.begun = now;
  std::string query = listing.paged ? "limit=" + std::to_string(options_.page_size) : "";
  if (!begins) query += (query.empty() ? "continue=" : "&continue=") + encoded(listing.continue_token);
  return {Get::Body::list, begins, target(std::move(query)), options_.list_idle_limit};
}

ListWatch::Get ListWatch::request(Streaming& streaming, Moment now) const {
  streaming.begun = now;
  return {Get::Body::events, true,
          target("watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true" +
                 timeout_query()),
          options_.watch_idle_limit};
}

ListWatch::Get ListWatch::request(const Watching& watching, Moment /*now*/) const {
  return {Get::Body::events, false,
          target("watch=true&resourceVersion=" + encoded(watching.resource_version) + "&allowWatchBookmarks=true" +
                 timeout_query()),
          options_.watch_idle_limit};
}

ListWatch::Get ListWatch::request(Absent& absent, Moment now) const {
  Listing listing;
  Get get = request(listing, now);
  absent.begun = now;
  return get;
}

std::string ListWatch::target(std::string query) const {
  const std::string_view selector = row_of(resource_).selector_query;
  if (!query.empty() && !selector.empty()) query += "&";
  query += selector;
  return std::string(row_of(resource_).path) + (query.empty() ? "" : "?" + query);
}

std::string ListWatch::timeout_query() const {
  const auto least = static_cast<double>(options_.watch_timeout.count());
  return "&timeoutSeconds=" + std::to_string(static_cast<std::int64_t>(least * (1 + chance_())));
}

}  // namespace selvage::k8s_client

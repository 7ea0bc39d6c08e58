#include "k8s_client/watch/list_watch.h"

/// The transitions of ListWatch when the API server refuses a request, at once or by an ERROR event.
namespace selvage::k8s_client {
namespace {

bool is_expired(const ApiStatus& status) {
  return status.code == 410 || status.reason == "Expired" || status.reason == "Gone";
}

/// Whether the same request may succeed later, when the server or our rights have changed.
bool may_pass(const ApiStatus& status) {
  return status.code >= 500 || status.code == 401 || status.code == 403 || status.code == 408 || status.code == 429;
}

/// Servers without streaming lists refuse the parameters as invalid.
bool knows_no_streaming(const ApiStatus& status) {
  return status.code == 501 || (status.code >= 400 && status.code < 500 && !may_pass(status) && !is_expired(status));
}

std::string describe(const ApiStatus& status, Resource resource) {
  std::string text = "the API server answered " + std::to_string(status.code);
  if (!status.message.empty()) text += ": " + status.message;
  if (status.code == 401) text += "; the token or certificate may have expired";
  if (status.code == 403) text += "; grant get, list and watch on " + std::string(row_of(resource).name);
  return text;
}

}  // namespace

void ListWatch::refused(const ApiStatus& status, Moment now) {
  if (status.code == 404 && options_.presence == Presence::optional && not_found(now)) return;
  if (absent()) go_stale(now);
  const Retry retry = std::visit([&](auto& state) { return refused(state, status); }, state_);
  if (retry == Retry::after_wait) wait_after_failure(describe(status, resource_), now, status.retry_after);
}

/// A continue token expires when a list takes longer than etcd keeps its versions: the list is requested in one piece
/// then.
ListWatch::Retry ListWatch::refused(Listing& listing, const ApiStatus& status) {
  listing.not_found = false;
  if (is_expired(status)) {
    const bool at_once = !listing.continue_token.empty() && listing.paged;
    if (!listing.continue_token.empty()) listing.paged = false;
    listing.continue_token.clear();
    if (at_once) return Retry::at_once;
  } else if (status.code >= 500) {
    failed_again(listing.failures);
  } else if (!may_pass(status)) {
    listing.continue_token.clear();
  }
  return Retry::after_wait;
}

ListWatch::Retry ListWatch::refused(Streaming& /*streaming*/, const ApiStatus& status) {
  if (knows_no_streaming(status)) {
    knows_streaming_ = false;
    start_list();
    return Retry::at_once;
  }
  if (status.code >= 500 || is_expired(status)) stream_failed();
  return Retry::after_wait;
}

ListWatch::Retry ListWatch::refused(Watching& watching, const ApiStatus& status) {
  // After a watch was accepted, an error is about the next event, and will come again.
  const bool for_ever = status.resource_version_too_large || (under_way_.accepted && status.code >= 500);
  const bool expired = is_expired(status);
  if (for_ever && !expired) {
    failed_again(watching.failures);
  } else if (expired || !may_pass(status)) {
    start_list();
  }
  return Retry::after_wait;
}

ListWatch::Retry ListWatch::refused(Absent& /*absent*/, const ApiStatus& /*status*/) {
  start_list();
  return Retry::after_wait;
}

/// Known objects are dropped only after two such answers in a row: API servers that start, and proxies, may answer 404
/// for a moment.
bool ListWatch::not_found(Moment now) {
  if (std::holds_alternative<Watching>(state_)) return false;
  if (std::holds_alternative<Streaming>(state_)) {
    state_ = Listing{};  // at once: the server may just not know the parameters
    return true;
  }
  auto* listing = std::get_if<Listing>(&state_);
  if (listing != nullptr && !listing->not_found) {
    *listing = Listing{};
    listing->not_found = true;
    wait(now, backoff_.fail());
    return true;
  }
  if (listing != nullptr) {
    state_ = Absent{Backoff(options_.first_absent_wait, options_.max_absent_wait)};
    backoff_.succeed();
    health_ = {true, std::nullopt, ""};
  }
  wait(now, std::get<Absent>(state_).backoff.fail());
  return true;
}

ListWatch::Use ListWatch::error_event(const ApiStatus& status, Moment now) {
  if (auto* watching = std::get_if<Watching>(&state_)) {
    watch_over(*watching, now, false);
    refused(*watching, status);
  } else {
    stream_failed();
  }
  wait_after_failure(describe(status, resource_), now, status.retry_after);
  return Use::hang_up;
}

}  // namespace selvage::k8s_client

#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "base/clock.h"

/// The states of a ListWatch, each with the data that it needs.
namespace selvage::k8s_client::list_watch {

/// A list is read page by page.
struct Listing {
  bool paged = true;           ///< requests have a limit
  std::string continue_token;  ///< of the page to request; empty: the first
  std::size_t failures = 0;    ///< requests for this page that failed in a row
  Moment begun{};              ///< when the first page was requested
  bool not_found = false;      ///< the last answer was the first 404 in a row
};

/// A list is read as a stream of events.
struct Streaming {
  Moment begun{};  ///< when it was requested
};

/// A list is complete, and its changes are watched.
struct Watching {
  std::string resource_version;        ///< the last one received, from which to watch
  std::size_t failures = 0;            ///< watches from this version that failed in a row
  std::optional<Moment> stale_before;  ///< stale_since before the accepted watch, until that brings something
};

/// The API server does not have the resource, so that it has no objects. A list is requested now and then.
struct Absent {
  Backoff backoff;
  Moment begun{};  ///< when the list was requested last
};

/// The current request. When its list is complete, the state is Watching before the request has ended.
struct UnderWay {
  bool of_page = true;             ///< for a page of a list, not for events
  std::optional<Moment> accepted;  ///< when the head with status code 200 came
  bool heard = false;              ///< a page or an event came
  Moment last_event{};             ///< when the last event came
};

}  // namespace selvage::k8s_client::list_watch

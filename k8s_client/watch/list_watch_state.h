#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/backoff.h"
#include "base/clock.h"

/// The states of a ListWatch, each with the data that has a meaning in it.
namespace selvage::k8s_client::list_watch {

/// A list is read page by page.
struct Listing {
  bool paged = true;           ///< requests have a limit
  std::string continue_token;  ///< of the page to request; empty: the first
  std::size_t failures = 0;    ///< requests for this page that failed in a row
  Moment begun{};              ///< when the first page was requested
  bool not_found = false;      ///< the last answer was 404, for the first time; the resource may be absent
};

/// A list is read as a stream of events.
struct Streaming {
  Moment begun{};  ///< when it was requested
};

/// A list is whole, and its changes are watched.
struct Watching {
  std::string resource_version;        ///< from which to watch: the last that came
  std::size_t failures = 0;            ///< watches from this version that failed in a row
  std::optional<Moment> stale_before;  ///< stale_since before a watch was accepted that has brought nothing yet
};

/// The API server does not have the resource, so that there are no objects. It is asked for a list now and then.
struct Absent {
  Backoff backoff;
  Moment begun{};  ///< when the list was requested last
};

/// The request under way. A list may become whole while it lasts, so that the state is Watching already.
struct UnderWay {
  bool of_page = true;             ///< for a page of a list, not for events
  std::optional<Moment> accepted;  ///< when status code 200 came
  bool heard = false;              ///< a page or an event came
  Moment last_event{};             ///< when an event came last
};

}  // namespace selvage::k8s_client::list_watch

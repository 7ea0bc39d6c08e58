#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/result.h"
#include "k8s_client/api/api_object.h"
#include "k8s_client/decode/resource.h"
#include "k8s_client/watch/list_watch_state.h"

namespace selvage::k8s_client {

struct ListWatchOptions {
  /// First try lists that are streamed as watch events (KEP-3157, sendInitialEvents).
  bool streaming_lists = true;
  std::size_t page_size = 500;  ///< `limit` of a paged list
  /// The server is asked to end a watch after this time, randomly up to doubled so that not all end at once.
  std::chrono::seconds watch_timeout{300};
  std::chrono::milliseconds list_idle_limit{30'000};
  /// Longer than a minute, the interval of the API server's bookmarks.
  std::chrono::milliseconds watch_idle_limit{150'000};
  std::chrono::milliseconds first_wait{200};  ///< after a failure; doubles with each
  std::chrono::milliseconds max_wait{10'000};
  std::chrono::milliseconds max_retry_after{60'000};  ///< limit for the wait that a server asks for
  /// With `optional`, two lists in a row that are answered with 404 mean that the resource is absent.
  Presence presence = Presence::required;
  /// Interval at which an absent resource is requested again; doubles each time.
  std::chrono::milliseconds first_absent_wait{1'000};
  std::chrono::milliseconds max_absent_wait{60'000};
};

/// The state of a watch, for logs and metrics.
struct WatchHealth {
  bool synced = false;  ///< a first list is whole, or the resource is absent
  /// Since when changes in the cluster may be missed. Nothing while a watch runs, and while the resource is absent,
  /// although it may appear up to `max_absent_wait` before its objects are seen. A complete list shows the objects as
  /// of its request. A watch that was accepted and then brings only an error did not run: the API server sends 410 that
  /// way, too.
  std::optional<Moment> stale_since;
  /// Why the last request failed, with the remedy where one is known; empty after one that succeeded. One line.
  std::string last_error;
};

/// Decides how one resource is listed and watched: what to request next, and what each answer means. Pure: does no I/O
/// and knows no clock, so that tests reach every transition. The rules are those of client-go's reflector (tools/cache)
/// except for two: every list is consistent (resourceVersion unset), since an old one would allow what newer policies
/// deny; and a watch that fails is resumed from the last version, not replaced by a list, unless that version is gone.
///
/// The caller does what `next` returns. For a Get it reports `accepted`, `refused` or `broken`, then the parts of the
/// body, and finally `ended` or `broken`. After `refused`, `broken` and `ended`, and after an event that is answered
/// with hang_up, the request is over and `next` is due.
class ListWatch {
 public:
  /// Numbers from 0 (included) to 1 (not).
  using Chance = std::function<double()>;

  ListWatch(Resource resource, const ListWatchOptions& options, Chance chance);

  struct Get {
    enum class Body : std::uint8_t { list, events };
    Body body = Body::list;
    bool begins_list = false;  ///< a new list starts, whatever came before
    std::string target;        ///< as in Request
    std::chrono::milliseconds idle_limit{0};
  };
  struct Wait {
    Moment until;
  };
  /// The next step.
  [[nodiscard]] std::variant<Get, Wait> next(Moment now);

  /// The response has status code 200.
  void accepted(Moment now);
  /// The response has another status code, and this body.
  void refused(const ApiStatus& status, Moment now);

  /// A page of a list has arrived. True: the list is complete.
  [[nodiscard]] bool page(const ListMeta& meta, Moment now);

  enum class Use : std::uint8_t {
    apply,       ///< the object changed
    list_item,   ///< the object is one of a list
    list_whole,  ///< the streamed list is complete
    nothing,     ///< the event has no object
    hang_up,     ///< close the stream and ignore the object
  };
  [[nodiscard]] Use event(const WatchEvent& event, Moment now);

  /// The body has ended as announced.
  void ended(Moment now);
  /// The request failed: no connection, a broken one, silence (ETIMEDOUT), an invalid body (EBADMSG).
  void broken(const Error& error, Moment now);

  [[nodiscard]] const WatchHealth& health() const { return health_; }
  [[nodiscard]] std::optional<Moment> stale_since() const { return health_.stale_since; }
  [[nodiscard]] const std::string& last_error() const { return health_.last_error; }
  [[nodiscard]] bool synced() const { return health_.synced; }
  /// Whether the API server does not have the resource, so that it has no objects.
  [[nodiscard]] bool absent() const { return std::holds_alternative<Absent>(state_); }

 private:
  using Listing = list_watch::Listing;
  using Streaming = list_watch::Streaming;
  using Watching = list_watch::Watching;
  using Absent = list_watch::Absent;

  [[nodiscard]] Get request(Listing& listing, Moment now) const;
  [[nodiscard]] Get request(Streaming& streaming, Moment now) const;
  [[nodiscard]] Get request(const Watching& watching, Moment now) const;
  [[nodiscard]] Get request(Absent& absent, Moment now) const;
  [[nodiscard]] std::string target(std::string query) const;
  [[nodiscard]] std::string timeout_query() const;

  /// How soon to send the next request after one that was refused.
  enum class Retry : std::uint8_t { at_once, after_wait };
  Retry refused(Listing& listing, const ApiStatus& status);
  Retry refused(Streaming& streaming, const ApiStatus& status);
  Retry refused(Watching& watching, const ApiStatus& status);
  Retry refused(Absent& absent, const ApiStatus& status);
  /// Handles a 404 for a resource that may be absent. False: in this state it is an error like others.
  bool not_found(Moment now);

  Use streamed(const Streaming& streaming, const WatchEvent& event, Moment now);
  Use watched(Watching& watching, const WatchEvent& event, Moment now);
  Use error_event(const ApiStatus& status, Moment now);

  void ended(Listing& listing, Moment now);
  void ended(Streaming& streaming, Moment now);
  void ended(Watching& watching, Moment now);
  void ended(Absent& absent, Moment now);

  /// Handles a request that failed with this errno. False: its list was complete, so that nothing is lost.
  bool broken(Listing& listing, int code, Moment now);
  bool broken(Streaming& streaming, int code, Moment now);
  bool broken(Watching& watching, int code, Moment now);
  bool broken(Absent& absent, int code, Moment now);

  // These four may replace the state and so invalidate references into it.
  /// A request failed for a reason that may be permanent for this page or version.
  void failed_again(std::size_t& failures);
  void stream_failed();
  void start_list();
  void list_whole(const std::string& resource_version, Moment begun);

  void moved_on(Watching& watching);
  void wait(Moment now, std::chrono::milliseconds longest, std::chrono::milliseconds shortest = {});
  void wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after = std::nullopt);
  /// The current watch fails; with `silent`, because no bytes came. Returns whether it ran until then.
  bool watch_over(Watching& watching, Moment now, bool silent);
  void go_stale(Moment since);

  const Resource resource_;
  const ListWatchOptions options_;
  Chance chance_;
  Backoff backoff_;

  std::variant<Listing, Streaming, Watching, Absent> state_;  ///< the current or next request
  list_watch::UnderWay under_way_;
  bool knows_streaming_;            ///< false after the server has refused streamed lists as unknown
  std::size_t streams_failed_ = 0;  ///< streamed lists in a row that were not completed
  Moment wait_until_{};             ///< no request before
  WatchHealth health_;
};

}  // namespace selvage::k8s_client

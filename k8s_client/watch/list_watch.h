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
  /// Try lists that are streamed as watch events first (KEP-3157, sendInitialEvents).
  bool streaming_lists = true;
  std::size_t page_size = 500;  ///< `limit` of a paged list
  /// A watch is asked to end after this time, up to doubled by chance so that not all end at once.
  std::chrono::seconds watch_timeout{300};
  std::chrono::milliseconds list_idle_limit{30'000};
  /// Above a minute: that is how often the API server sends bookmarks.
  std::chrono::milliseconds watch_idle_limit{150'000};
  std::chrono::milliseconds first_wait{200};  ///< after a failure; doubles with each
  std::chrono::milliseconds most_wait{10'000};
  std::chrono::milliseconds most_retry_after{60'000};  ///< a server that asks for more gets this
  /// With `optional` a 404 for two lists in a row means that the resource is absent.
  Presence presence = Presence::required;
  /// How often an API server that does not have the resource is asked for it; doubles with each time.
  std::chrono::milliseconds first_absent_wait{1'000};
  std::chrono::milliseconds most_absent_wait{60'000};
};

/// The state of a resource's watch, for people and metrics.
struct WatchHealth {
  bool synced = false;  ///< a first list is whole, or the resource is absent
  /// Since when changes in the cluster may go unseen; nothing while a watch runs, and while the
  /// resource is absent, though it may come up to `most_absent_wait` before its objects are seen. A list that is whole
  /// shows the objects as of the moment when it was requested. A watch that was accepted and then brings nothing but an
  /// error did not run: the API server says 410 that way, too.
  std::optional<Moment> stale_since;
  /// Why the last request failed, with the remedy where one is known; empty after one that succeeded. One line.
  std::string last_error;
};

/// Decides how one resource is listed and watched: what to ask for next, and what each answer means. Pure: does no
/// I/O and knows no clock, so that every transition can be tested. The rules are those of client-go's
/// reflector (tools/cache) but for two: every list is consistent (resourceVersion unset), since an
/// old one would open what newer policies close, and a watch that fails is taken up from the last
/// version, not listed anew, unless that version is gone.
///
/// The caller asks `next`; does it; for a Get it then reports `accepted` or `refused` or `broken`, what
/// the body holds, and at last `ended` or `broken`. After `refused`, `broken`, `ended`, and where an
/// answer here says hang_up, the request is over and `next` is due.
class ListWatch {
 public:
  /// Numbers from 0 (included) to 1 (not).
  using Chance = std::function<double()>;

  ListWatch(Resource resource, const ListWatchOptions& options, Chance chance);

  struct Get {
    enum class Body : std::uint8_t { list, events };
    Body body = Body::list;
    bool begins_list = false;  ///< the objects to come are a new list's, whatever came before
    std::string target;        ///< as in Request
    std::chrono::milliseconds idle_limit{0};
  };
  struct Wait {
    Moment until;
  };
  /// What to do now.
  [[nodiscard]] std::variant<Get, Wait> next(Moment now);

  /// Status code 200 came.
  void accepted(Moment now);
  /// Another status code came, with this body.
  void refused(const ApiStatus& status, Moment now);

  /// A page of a list is in. True: and with it the list is whole.
  [[nodiscard]] bool page(const ListMeta& meta, Moment now);

  enum class Use : std::uint8_t {
    apply,       ///< the object changed
    list_item,   ///< the object is one of a list
    list_whole,  ///< the list that was streamed is whole
    nothing,     ///< there is no object in it
    hang_up,     ///< the stream is of no use any more; the object is not to be used
  };
  [[nodiscard]] Use event(const WatchEvent& event, Moment now);

  /// The body came to its end as announced.
  void ended(Moment now);
  /// The request failed: no connection, a connection cut, silence (ETIMEDOUT), a body that is none.
  void broken(const Error& error, Moment now);

  [[nodiscard]] const WatchHealth& health() const { return health_; }
  [[nodiscard]] std::optional<Moment> stale_since() const { return health_.stale_since; }
  [[nodiscard]] const std::string& last_error() const { return health_.last_error; }
  [[nodiscard]] bool synced() const { return health_.synced; }
  /// Whether the API server does not have the resource: it has no objects. Changes in `refused` and `accepted` only.
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
  /// Takes in a 404 for a resource that may be absent. False: for this state it is an error like others.
  bool not_found(Moment now);

  Use streamed(const Streaming& streaming, const WatchEvent& event, Moment now);
  Use watched(Watching& watching, const WatchEvent& event, Moment now);
  Use error_event(const ApiStatus& status, Moment now);

  void ended(Listing& listing, Moment now);
  void ended(Streaming& streaming, Moment now);
  void ended(Watching& watching, Moment now);
  void ended(Absent& absent, Moment now);

  /// Takes in that the request failed with this errno. False: it was over already, nothing is lost.
  bool broken(Listing& listing, int code, Moment now);
  bool broken(Streaming& streaming, int code, Moment now);
  bool broken(Watching& watching, int code, Moment now);
  bool broken(Absent& absent, int code, Moment now);

  // These four may replace the state: a reference into it is not valid afterwards.
  /// A request failed for a reason that may hold for this page, or for this version, for ever.
  void failed_again(std::size_t& failures);
  void stream_failed();
  void start_list();
  void list_whole(const std::string& resource_version, Moment begun);

  void moved_on(Watching& watching);
  void wait(Moment now, std::chrono::milliseconds longest, std::chrono::milliseconds shortest = {});
  void wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after = std::nullopt);
  /// The watch under way fails. `silent`: no bytes came. Whether it ran until then.
  bool watch_over(Watching& watching, Moment now, bool silent);
  void go_stale(Moment since);

  const Resource resource_;
  const ListWatchOptions options_;
  Chance chance_;
  Backoff backoff_;

  std::variant<Listing, Streaming, Watching, Absent> state_;  ///< what to request next, or is being requested
  list_watch::UnderWay under_way_;
  bool knows_streaming_;            ///< false once the server has refused a streamed list as unknown
  std::size_t streams_failed_ = 0;  ///< streamed lists in a row that did not become whole
  Moment wait_until_{};             ///< nothing is requested before
  WatchHealth health_;
};

}  // namespace selvage::k8s_client

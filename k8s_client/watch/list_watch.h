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
#include "k8s_client/api/resource.h"

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

  /// Since when changes in the cluster may go unseen; nothing while a watch runs. A list that is whole
  /// shows what there was when it was asked for. A watch that was accepted and then brings nothing but
  /// an error did not run: the API server says 410 that way, too.
  [[nodiscard]] std::optional<Moment> stale_since() const { return stale_since_; }
  /// Why the last request came to nothing, with the remedy where one is known; empty after one that
  /// did not. One line.
  [[nodiscard]] const std::string& trouble() const { return last_error_; }
  /// A first list is whole.
  [[nodiscard]] bool synced() const { return synced_; }

 private:
  enum class State : std::uint8_t { list, streaming_list, watch };

  [[nodiscard]] Get list_request() const;
  [[nodiscard]] Get streaming_list_request() const;
  [[nodiscard]] Get watch_request() const;
  [[nodiscard]] std::string target(std::string query) const;
  [[nodiscard]] std::string timeout_query() const;

  void refused_list(const ApiStatus& status);
  void refused_streaming_list(const ApiStatus& status);
  void refused_watch(const ApiStatus& status);
  Use streamed(const WatchEvent& event, Moment now);
  Use watched(const WatchEvent& event, Moment now);
  Use error_event(const ApiStatus& status, Moment now);
  void stream_ended(Moment now);
  void watch_ended(Moment now);
  /// A request came to nothing for a reason that may hold for that version or that page for ever.
  void failed_again();
  void stream_failed();
  void start_list();
  void list_whole(const std::string& resource_version);
  void moved_on();

  void wait_after_failure(std::string why, Moment now, std::optional<std::chrono::seconds> retry_after = std::nullopt);
  /// The watch under way fails. `silent`: for want of bytes. Says whether it ran until then.
  bool watch_over(Moment now, bool silent);
  void go_stale(Moment since);

  Resource resource_;
  ListWatchOptions options_;
  Chance chance_;
  Backoff backoff_;

  State state_ = State::list;       ///< what to do next, or is being done
  State asked_ = State::list;       ///< what the request under way is
  bool knows_streaming_ = true;     ///< false once the server said that it does not
  std::size_t streams_failed_ = 0;  ///< streamed lists in a row that did not become whole
  std::size_t failures_ = 0;        ///< in a row, of watches from one version, or of one page
  bool paged_ = true;               ///< the list under way has a limit
  std::string continue_;            ///< token of the page to ask for; empty: the first
  std::string resource_version_;    ///< to watch from
  Moment wait_until_;               ///< nothing is asked before
  Moment list_begun_;               ///< when the last list was asked for
  std::optional<Moment> accepted_;  ///< when the request under way was
  bool heard_ = false;              ///< a page or an event came in the request under way
  Moment last_event_;               ///< when one came last
  std::optional<Moment> stale_since_;
  std::optional<Moment> stale_before_;  ///< stale_since_ before a watch was accepted that has brought nothing yet
  std::string last_error_;
  bool started_ = false;
  bool synced_ = false;
};

}  // namespace selvage::k8s_client

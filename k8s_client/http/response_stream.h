#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/event_fd.h"
#include "base/mutex.h"

namespace selvage::k8s_client {

/// The head of a response, as far as it matters here.
struct RawHead {
  int status = 0;
  std::string retry_after;        ///< header Retry-After; these are empty where absent
  std::string content_encoding;   ///< header Content-Encoding
  std::string content_length;     ///< header Content-Length
  std::string transfer_encoding;  ///< header Transfer-Encoding
};

/// Why the HTTP library gave up. Its codes are of several categories that cannot be told apart for
/// certain: an errno, an OpenSSL code, or a small number of Boost's (2 is "end of file").
struct LibraryFailure {
  int code = 0;
  std::string what;
};

/// One response on its way from the HTTP library's threads to the thread that waits for it. What the
/// library reads while the thread works is gathered, up to a limit at which the library has to wait: a
/// list that is streamed comes as thousands of small pieces, and to wake the other side for each costs
/// more than all the rest. Either side may let go at any time; the last one destroys this.
///
/// The library's threads call `set_head`, `offer`, `finish` and `release`, the waiting thread the rest.
class ResponseStream {
 public:
  /// What the waiting thread takes, in this order: one head, any number of pieces, one end. Failures end
  /// without a head, or later.
  struct Step {
    enum class Kind : std::uint8_t { head, piece, end };
    Kind kind = Kind::end;
    RawHead head;
    std::string_view piece;                 ///< valid until the next `take`
    std::optional<LibraryFailure> failure;  ///< of an end: the response is not whole
  };
  /// Lets the library go on, or makes it give up.
  using Resume = std::function<void(bool go_on)>;

  explicit ResponseStream(EventFd event) : event_(std::move(event)) {}

  void set_head(RawHead head);
  /// A piece of the body. `resume` is called once, in any thread, when there is room for more.
  void offer(std::string_view piece, Resume resume);
  void finish(std::optional<LibraryFailure> failure);
  /// The library holds nothing of this request any more, and has put its connection away.
  void release();

  /// The next step, if there is one by now.
  [[nodiscard]] std::optional<Step> take();
  /// Nothing more is wanted: all that the library offers from now on makes it give up.
  void abandon();
  [[nodiscard]] bool released() const;
  /// Readable when `take` or `released` may have something new. For poll(2).
  [[nodiscard]] int get() const { return event_.get(); }

 private:
  void wake() REQUIRES(mutex_);
  [[nodiscard]] std::optional<Step> next_step() REQUIRES(mutex_);
  void resume(bool go_on);

  EventFd event_;
  mutable Mutex mutex_;
  bool woken_ GUARDED_BY(mutex_) = false;  ///< `event_` is set: not again, each time is a system call
  std::optional<RawHead> head_ GUARDED_BY(mutex_);
  bool head_taken_ GUARDED_BY(mutex_) = false;
  std::string gathered_ GUARDED_BY(mutex_);  ///< pieces that were not taken yet
  std::string taken_;                        ///< what `take` handed out last
  Resume resume_ GUARDED_BY(mutex_);         ///< of a piece that filled `gathered_`
  bool finished_ GUARDED_BY(mutex_) = false;
  std::optional<LibraryFailure> failure_ GUARDED_BY(mutex_);
  bool abandoned_ GUARDED_BY(mutex_) = false;
  bool released_ GUARDED_BY(mutex_) = false;
};

}  // namespace selvage::k8s_client

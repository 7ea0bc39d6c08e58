#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/event_fd.h"
#include "base/mutex.h"

namespace selvage::k8s_client {

/// The parts of a response's head that are needed here.
struct RawHead {
  int status = 0;
  std::string retry_after;        ///< header Retry-After; all of these are empty if absent
  std::string content_encoding;   ///< header Content-Encoding
  std::string content_length;     ///< header Content-Length
  std::string transfer_encoding;  ///< header Transfer-Encoding
};

/// Why the HTTP library gave up. The code is an errno, an OpenSSL code or a small number of Boost (2 is "end of file");
/// these cannot be distinguished reliably.
struct LibraryFailure {
  int code = 0;
  std::string what;
};

/// Passes one response from the HTTP library's threads to the thread that waits for it. Pieces that arrive while that
/// thread works are gathered, up to a limit at which the library has to wait: a streamed list comes as thousands of
/// small pieces, and a wake-up for each would cost more than anything else. Either side may give up its reference at
/// any time; the last one destroys the stream.
///
/// The library's threads call `set_head`, `offer`, `finish` and `release`, the waiting thread the others.
class ResponseStream {
 public:
  /// A step for the waiting thread. In this order: one head, any number of pieces, one end. After a failure the end
  /// comes early, also without a head.
  struct Step {
    enum class Kind : std::uint8_t { head, piece, end };
    Kind kind = Kind::end;
    RawHead head;
    std::string_view piece;                 ///< valid until the next `take`
    std::optional<LibraryFailure> failure;  ///< of an end: the response is incomplete
  };
  /// Makes the library continue, or give up.
  using Resume = std::function<void(bool go_on)>;

  explicit ResponseStream(EventFd event) : event_(std::move(event)) {}

  void set_head(RawHead head);
  /// A piece of the body. `resume` is called once, in any thread, when there is room for more.
  void offer(std::string_view piece, Resume resume);
  void finish(std::optional<LibraryFailure> failure);
  /// The library has released the request and its connection.
  void release();

  /// The next step, if there is one already.
  [[nodiscard]] std::optional<Step> take();
  /// The rest of the response is not wanted: the library gives up with its next piece.
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
  bool woken_ GUARDED_BY(mutex_) = false;  ///< `event_` is set; saves system calls
  std::optional<RawHead> head_ GUARDED_BY(mutex_);
  bool head_taken_ GUARDED_BY(mutex_) = false;
  std::string gathered_ GUARDED_BY(mutex_);  ///< pieces not taken yet
  std::string taken_;                        ///< the last piece that `take` returned
  Resume resume_ GUARDED_BY(mutex_);         ///< of the piece that filled `gathered_`
  bool finished_ GUARDED_BY(mutex_) = false;
  std::optional<LibraryFailure> failure_ GUARDED_BY(mutex_);
  bool abandoned_ GUARDED_BY(mutex_) = false;
  bool released_ GUARDED_BY(mutex_) = false;
};

}  // namespace selvage::k8s_client

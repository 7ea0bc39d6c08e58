#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "controller/events/monitoring.h"
#include "controller/sources/mailbox.h"
#include "controller/sources/source.h"

namespace selvage::controller {

/// The cluster's objects, as they change: a source that runs, and the mailbox between it and the thread that takes from
/// this. Not thread-safe.
class Feed {
 public:
  /// Starts to follow the folder or API server in `options`. What `monitoring` names must outlive the feed. Fails where
  /// a folder cannot be watched, or no usable configuration for an API server is found.
  static Result<Feed> start(const SourceOptions& options, const Monitoring& monitoring);

  /// Readable while something waits; for poll(2).
  [[nodiscard]] int fd() const { return mailbox_->fd(); }
  /// Takes all that waits; nothing on a second call at once.
  [[nodiscard]] Mailbox::Contents take() { return mailbox_->take(); }
  /// Whether an object or a document was refused since the start.
  [[nodiscard]] bool refused_any() const;

  using Take = std::function<void(const Mailbox::Contents&)>;
  /// Until when, and for whom, `await_first_list` waits.
  struct Limits {
    std::optional<Moment> deadline;      ///< nothing: as long as it takes
    int stop_fd = -1;                    ///< readable when `stopped` may have become true
    std::function<bool()> stopped = {};  ///< nothing: it is never stopped
  };
  /// Waits until a first full list is in, and hands all that comes until then to `take`. Fails with ETIMEDOUT, with
  /// ECANCELED where it was stopped, and where a folder cannot be read.
  Result<void> await_first_list(const Take& take, const Limits& limits);

 private:
  Feed(std::unique_ptr<Mailbox> mailbox, Source source) : mailbox_(std::move(mailbox)), source_(std::move(source)) {}

  std::unique_ptr<Mailbox> mailbox_;
  Source source_;  ///< puts into the mailbox until it is destroyed
};

}  // namespace selvage::controller

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

/// The cluster's objects and their changes: a running source, and the mailbox from which one thread takes its events.
/// Not thread-safe.
class Feed {
 public:
  /// Starts the source that `options` select (start_source). The members of `monitoring` must outlive the feed.
  static Result<Feed> start(const SourceOptions& options, const Monitoring& monitoring);

  /// Readable while something waits; for poll(2).
  [[nodiscard]] int fd() const { return mailbox_->fd(); }
  /// Takes everything that waits.
  [[nodiscard]] Mailbox::Contents take() { return mailbox_->take(); }
  /// Whether an object or a document was refused since the start.
  [[nodiscard]] bool refused_any() const;

  using Take = std::function<void(const Mailbox::Contents&)>;
  /// What ends `await_first_list` early.
  struct Limits {
    std::optional<Moment> deadline;      ///< nothing: no limit
    int stop_fd = -1;                    ///< readable when `stopped` may return true
    std::function<bool()> stopped = {};  ///< empty: never
  };
  /// Waits for the first full list, and passes everything until then to `take`. Fails with ETIMEDOUT after the
  /// deadline, with ECANCELED when stopped, and when a folder cannot be read.
  Result<void> await_first_list(const Take& take, const Limits& limits);

 private:
  Feed(std::unique_ptr<Mailbox> mailbox, Source source) : mailbox_(std::move(mailbox)), source_(std::move(source)) {}

  std::unique_ptr<Mailbox> mailbox_;
  Source source_;  ///< puts into the mailbox until it is destroyed
};

}  // namespace selvage::controller

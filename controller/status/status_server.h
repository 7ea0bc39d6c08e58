#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/retry.h"
#include "controller/status/status_socket.h"

namespace selvage::controller {

/// Answers `selvage status` while it can. Where the socket is not to be had - another agent that is about to end has
/// it, as a rule - that is logged once and tried again. Not thread-safe.
class StatusServer {
 public:
  /// `text` is called for each answer.
  StatusServer(std::string path, std::function<std::string()> text);

  /// Readable when somebody asks; -1 while there is no socket. For poll(2).
  [[nodiscard]] int fd() const { return socket_ ? socket_->fd() : -1; }
  void answer() const { socket_->answer(text_); }

  /// When `start` should be called; never: it answers.
  [[nodiscard]] std::optional<Moment> due() const { return retry_.due(); }
  void start(Moment now);

 private:
  std::string path_;
  std::function<std::string()> text_;
  std::unique_ptr<StatusSocket> socket_;
  Retry retry_;
};

}  // namespace selvage::controller

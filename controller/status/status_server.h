#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/retry.h"
#include "controller/status/status_socket.h"

namespace selvage::controller {

/// Answers `selvage status`. A socket that is not available, since another agent that is about to end has it as a rule,
/// is logged once and retried. Not thread-safe.
class StatusServer {
 public:
  /// `text` is called for each answer.
  StatusServer(std::string path, std::function<std::string()> text);

  /// Readable when a client connects; -1 without a socket. For poll(2).
  [[nodiscard]] int fd() const { return socket_ ? socket_->fd() : -1; }
  void answer() const { socket_->answer(text_); }

  /// When to call `start`; nothing: it answers.
  [[nodiscard]] std::optional<Moment> due() const { return retry_.due(); }
  void start(Moment now);

 private:
  std::string path_;
  std::function<std::string()> text_;
  std::unique_ptr<StatusSocket> socket_;
  Retry retry_;
};

}  // namespace selvage::controller

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::controller {

/// Default path of the socket between agent and `selvage status`.
inline constexpr const char* kStatusSocket = "/run/selvage/agent.sock";

/// A Unix socket that only its owner and root may open (mode 0600; a missing folder is created with mode 0700). A
/// client that connects receives one text and the end of the stream. Nothing is read from clients, and slow readers
/// cost nothing. Not thread-safe.
class StatusSocket {
 public:
  /// Replaces a socket without a listener. Fails with EADDRINUSE while another agent listens, and where the path is not
  /// a socket.
  static Result<std::unique_ptr<StatusSocket>> open(const std::string& path);
  StatusSocket(const StatusSocket&) = delete;
  StatusSocket& operator=(const StatusSocket&) = delete;
  /// Removes the socket's file.
  ~StatusSocket();

  /// Readable when a client connects; for poll(2).
  [[nodiscard]] int fd() const { return listener_.get(); }
  /// Answers all connected clients without waiting. Texts of megabytes may be truncated.
  void answer(const std::function<std::string()>& text) const;

 private:
  StatusSocket(UniqueFd listener, std::string path) : listener_(std::move(listener)), path_(std::move(path)) {}

  UniqueFd listener_;
  std::string path_;
};

/// Reads the answer of the agent at `path`. Waits up to five seconds for the whole text.
Result<std::string> ask_status(const std::string& path);

}  // namespace selvage::controller

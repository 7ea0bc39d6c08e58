#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/unique_fd.h"

namespace selvage::controller {

/// Where an agent says how it stands, and `selvage status` asks, unless they are told another place.
inline constexpr const char* kStatusSocket = "/run/selvage/agent.sock";

/// A Unix socket that only root may open (mode 0600; its folder is made with mode 0700 where it is missing). Whoever
/// connects gets one text and the end; nothing that he sends is read, and who does not read costs nothing. Not
/// thread-safe.
class StatusSocket {
 public:
  /// Takes the place of a socket on which nobody listens any more. Fails with EADDRINUSE while another agent does, and
  /// where something else has that name.
  static Result<std::unique_ptr<StatusSocket>> open(const std::string& path);
  StatusSocket(const StatusSocket&) = delete;
  StatusSocket& operator=(const StatusSocket&) = delete;
  /// Removes the socket's file.
  ~StatusSocket();

  /// Readable when somebody asks; for poll(2).
  [[nodiscard]] int fd() const { return listener_.get(); }
  /// Answers everybody who has asked; does not wait. Texts of megabytes may reach a reader cut.
  void answer(const std::function<std::string()>& text) const;

 private:
  StatusSocket(UniqueFd listener, std::string path) : listener_(std::move(listener)), path_(std::move(path)) {}

  UniqueFd listener_;
  std::string path_;
};

/// Asks the agent that listens there. Waits up to five seconds for the whole text.
Result<std::string> ask_status(const std::string& path);

}  // namespace selvage::controller

#include "controller/status/status_server.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace selvage::controller {

StatusServer::StatusServer(std::string path, std::function<std::string()> text)
    : path_(std::move(path)), text_(std::move(text)) {}

void StatusServer::start(Moment now) {
  auto socket = StatusSocket::open(path_);
  if (socket) {
    socket_ = std::move(*socket);
    retry_.succeeded();
  } else if (retry_.failed(now)) {
    spdlog::warn("cannot serve selvage status, retrying: {}", socket.error().message);
  }
}

}  // namespace selvage::controller

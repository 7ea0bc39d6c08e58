#include "telemetry/http_server.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/signal_mask.h"

namespace selvage::telemetry {
namespace {

/// Connections that are accepted before existing ones are served again.
constexpr int kAcceptedAtOnce = 16;
/// Pause in accepting when the system lacks descriptors or memory and no connection can be ended for them.
constexpr std::chrono::milliseconds kAcceptPause{100};

bool lacks_resources(int code) { return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM; }

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::start(const std::vector<HttpAddress>& addresses, HttpHandler handler,
                                                      const HttpLimits& limits) {
  std::vector<HttpListener> listeners;
  for (const HttpAddress& address : addresses) {
    auto listener = listen_on(address);
    if (!listener) return tl::unexpected(listener.error());
    listeners.push_back(std::move(*listener));
  }
  auto stop = EventFd::open();
  if (!stop) return tl::unexpected(stop.error());
  std::unique_ptr<HttpServer> server(
      new HttpServer(std::move(listeners), std::move(*stop), std::move(handler), limits));
  const BlockedSignals blocked;
  server->thread_ = std::thread([raw = server.get()] { raw->run(); });
  return server;
}

HttpServer::HttpServer(std::vector<HttpListener> listeners, EventFd stop, HttpHandler handler, const HttpLimits& limits)
    : listeners_(std::move(listeners)), stop_(std::move(stop)), handler_(std::move(handler)), limits_(limits) {}

HttpServer::~HttpServer() {
  if (!thread_.joinable()) return;
  stop_.set();
  thread_.join();
}

std::vector<HttpAddress> HttpServer::addresses() const {
  std::vector<HttpAddress> all;
  for (const HttpListener& listener : listeners_) all.push_back(listener.address);
  return all;
}

void HttpServer::run() {
  pthread_setname_np(pthread_self(), "http");
  while (turn()) {
  }
  connections_.clear();
}

int HttpServer::timeout_ms(Moment now) const {
  std::optional<Moment> due;
  if (accept_again_ > now) due = accept_again_;
  for (const HttpConnection& connection : connections_)
    due = std::min(due.value_or(Moment::max()), connection.deadline());
  if (!due) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*due - now).count();
  return static_cast<int>(std::clamp<std::int64_t>(wait, 0, 60'000));
}

/// Waits for events and handles them. False: stop.
bool HttpServer::turn() {
  const bool accepting = accept_again_ <= Clock::now();
  std::vector<pollfd> fds{{stop_.get(), POLLIN, 0}};
  for (const HttpListener& listener : listeners_) fds.push_back({accepting ? listener.socket.get() : -1, POLLIN, 0});
  for (const HttpConnection& connection : connections_) fds.push_back({connection.fd(), connection.events(), 0});
  if (::poll(fds.data(), fds.size(), timeout_ms(Clock::now())) < 0) {
    // The limit of open descriptors has been lowered, or memory is missing.
    if (!connections_.empty()) connections_.erase(most_dispensable());
    return true;
  }
  if (fds[0].revents != 0) return false;
  std::vector<short> events;
  for (std::size_t i = 1 + listeners_.size(); i < fds.size(); ++i) events.push_back(fds[i].revents);
  serve(events, Clock::now());
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (fds[1 + i].revents != 0) accept_all(listeners_[i], Clock::now());
  }
  return true;
}

/// `events`: the result of poll(2) for each connection.
void HttpServer::serve(const std::vector<short>& events, Moment now) {
  auto connection = connections_.begin();
  for (const short found : events) {
    const bool over = connection->deadline() <= now || (found != 0 && !connection->advance(handler_, now));
    connection = over ? connections_.erase(connection) : std::next(connection);
  }
}

void HttpServer::accept_all(const HttpListener& listener, Moment now) {
  for (int i = 0; i < kAcceptedAtOnce; ++i) {
    HttpClient client = accept_from(listener);
    if (client.socket) {
      connections_.emplace_back(std::move(client.socket), std::move(client.peer), limits_, now);
      // The request may have arrived already.
      if (!connections_.back().advance(handler_, now)) connections_.pop_back();
      while (full()) connections_.erase(most_dispensable());
    } else if (!lacks_resources(errno)) {
      return;
    } else if (connections_.empty()) {
      accept_again_ = now + kAcceptPause;
      return;
    } else {
      connections_.erase(most_dispensable());
    }
  }
}

bool HttpServer::full() const {
  std::size_t waiting = 0;
  for (const HttpConnection& connection : connections_) waiting += connection.waiting_bytes();
  return connections_.size() > limits_.connections || (waiting > limits_.waiting_bytes && connections_.size() > 1);
}

/// The connection to end for another one (see the class comment); there must be one.
HttpServer::Connections::iterator HttpServer::most_dispensable() {
  std::map<std::string, std::size_t> of_peer;
  for (const HttpConnection& connection : connections_) ++of_peer[connection.peer()];
  const auto weight = [&](const HttpConnection& connection) {
    return std::pair(of_peer[connection.peer()], !connection.asked());
  };
  // The first of those with the highest weight: the oldest.
  return std::max_element(connections_.begin(), connections_.end(),
                          [&](const auto& a, const auto& b) { return weight(a) < weight(b); });
}

}  // namespace selvage::telemetry

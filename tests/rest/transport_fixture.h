#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "k8s_client/http/rest_transport.h"
#include "tests/rest/http_server.h"

namespace selvage::k8s_client {

/// Longer than anything takes that works. Only a broken program waits for so long.
inline constexpr std::chrono::seconds kLong{60};

/// Something that happens in one thread and is waited for in another.
class Happening {
 public:
  void set() {
    const std::lock_guard lock(mutex_);
    happened_ = true;
    changed_.notify_all();
  }
  /// Whether it happened before a deadline that only a broken program meets.
  bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kLong, [&] { return happened_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

/// A sink that keeps everything, and whose answers can be set.
class KeepingSink : public ResponseSink {
 public:
  bool head(const ResponseHead& head) override {
    status = head.status;
    retry_after = head.retry_after;
    ++heads;
    return !on_head || on_head();
  }
  bool body(std::string_view bytes) override {
    text.append(bytes);
    return !on_body || on_body(bytes);
  }

  int status = 0;
  int heads = 0;
  std::optional<std::chrono::seconds> retry_after;
  std::string text;
  std::function<bool()> on_head;
  std::function<bool(std::string_view)> on_body;
};

/// A configuration for that server: plain HTTP, or TLS where an authority is named.
inline ApiConfig config_for(const HttpServer& server, const Authority* authority = nullptr) {
  ApiConfig config;
  config.origin = "the test's configuration";
  config.tls = authority != nullptr;
  config.host = server.host();
  config.port = server.port();
  if (authority != nullptr) config.ca = authority->pem();
  return config;
}

/// A certificate for the server's addresses.
inline HttpServerOptions tls_options(const Authority& authority, bool ipv6 = false) {
  HttpServerOptions options;
  options.ipv6 = ipv6;
  options.identity = authority.issue({"server", {"IP:127.0.0.1", "IP:::1"}});
  return options;
}

inline std::unique_ptr<Transport> open_transport(const ApiConfig& config) {
  auto transport = open_rest_transport(config);
  if (!transport) throw std::runtime_error("no transport: " + transport.error().message);
  return std::move(*transport);
}

inline Request request_for(std::string target, std::chrono::milliseconds idle_limit = kLong) {
  Request request;
  request.target = std::move(target);
  request.idle_limit = idle_limit;
  return request;
}

/// An answer with Content-Length.
inline std::string answer(const std::string& body, const std::string& status = "200 OK",
                          const std::string& headers = "") {
  return "HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// The head of an answer in chunks, and one chunk.
inline constexpr const char* kChunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
inline constexpr const char* kLastChunk = "0\r\n\r\n";
inline std::string chunk(const std::string& text) {
  constexpr const char* kDigits = "0123456789abcdef";
  std::string size;
  for (std::size_t rest = text.size(); rest != 0; rest /= 16) size.insert(size.begin(), kDigits[rest % 16]);
  return size + "\r\n" + text + "\r\n";
}

/// Answers every request of a connection alike.
inline HttpServer::Script always(std::string bytes) {
  return [bytes = std::move(bytes)](Peer& peer) {
    while (!peer.read_request().empty()) peer.write(bytes);
  };
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace selvage::k8s_client

#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace selvage::testing {

/// A request that went through a FaultProxy.
struct ProxiedRequest {
  std::string method;
  std::string path;                          ///< without the query
  std::map<std::string, std::string> query;  ///< decoded
  std::string head;                          ///< all of it, as it was sent
  std::chrono::steady_clock::time_point when;
  int status = 0;  ///< of the API server's answer, once it was passed on; 0: none was

  [[nodiscard]] std::string value(const std::string& key) const;
  [[nodiscard]] bool is_watch() const { return value("watch") == "true" || value("watch") == "1"; }
  /// A watch that begins with a list (KEP-3157).
  /// Asks which APIs the server has.
  [[nodiscard]] bool is_discovery() const { return path == "/apis"; }
  [[nodiscard]] bool streams_list() const { return is_watch() && value("sendInitialEvents") == "true"; }
};

/// From "METHOD TARGET HTTP/1.1" and what follows. Never throws; what cannot be read is empty.
ProxiedRequest parse_request(const std::string& head);

/// The requests that a proxy has seen, in their order. Thread-safe.
class RequestLog {
 public:
  using Condition = std::function<bool(const ProxiedRequest&)>;

  /// Returns the number for answered().
  std::size_t add(ProxiedRequest request);
  void answered(std::size_t number, int status);

  /// How many there have been: the `from` of what comes after now.
  [[nodiscard]] std::size_t mark() const;
  [[nodiscard]] std::vector<ProxiedRequest> since(std::size_t from = 0) const;
  /// Those for that path, and with that status where one is given, in their order.
  [[nodiscard]] std::vector<ProxiedRequest> of(const std::string& path, std::size_t from,
                                               std::optional<int> status = std::nullopt) const;
  /// Waits until `count` requests from number `from` on are such, half a minute at most; whether they are.
  [[nodiscard]] bool saw(std::size_t from, const Condition& such, std::size_t count = 1) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<ProxiedRequest> requests_;
};

}  // namespace selvage::testing

#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/unique_fd.h"
#include "tests/cluster/faults.h"
#include "tests/cluster/http_body.h"
#include "tests/cluster/request_log.h"
#include "tests/cluster/tls_stream.h"

namespace selvage::testing {

/// An agent's connection to a FaultProxy, served by a thread of its own. The destructor ends it.
class ProxiedConnection {
 public:
  /// What all connections of a proxy share. It outlives them.
  struct Surroundings {
    std::uint16_t server_port;  ///< of the API server, on 127.0.0.1
    SSL_CTX& as_client;
    RequestLog& log;
    FaultTable& faults;
  };
  ProxiedConnection(Surroundings surroundings, std::shared_ptr<SSL_CTX> as_server, UniqueFd agent);
  ProxiedConnection(const ProxiedConnection&) = delete;
  ProxiedConnection& operator=(const ProxiedConnection&) = delete;
  ~ProxiedConnection();

  /// Shuts it down in the middle of whatever it is in.
  void end();
  [[nodiscard]] bool ended() const { return ended_; }

 private:
  /// A request under way.
  struct Exchange {
    std::string target;
    ProxiedRequest request;
    TlsStream& agent;
    std::string body{};          ///< of the request
    std::uint64_t change = 0;    ///< of faults that `cut_left` is of
    std::size_t cut_left = 0;    ///< bytes until a cut
    bool between_events = true;  ///< what was forwarded ends with a line
  };

  void run();
  /// Serves requests until the connection is of no use any more.
  void serve();
  bool serve(Exchange& exchange);
  bool answer_of_server(Exchange& exchange, std::size_t number);
  bool relay_body(Exchange& exchange, TlsStream& server, BodyReader& body, std::string bytes);
  bool forward(Exchange& exchange, std::string bytes);
  bool forward_some(Exchange& exchange, std::string& bytes, std::size_t count);
  bool inject(Exchange& exchange);
  /// Lets `interval` pass, unless the faults change meanwhile. False: the connection has ended.
  bool pause(const Exchange& exchange, std::chrono::milliseconds interval);
  /// Waits while `target` is stalled. False: the connection has ended.
  bool wait_out_stall(const std::string& target);
  /// Waits until `fd` (-1: nothing) is readable, or a moment. False: the agent has gone, or end() was called.
  bool agent_stays(int fd);
  void connect_to_server();

  Surroundings surroundings_;
  std::shared_ptr<SSL_CTX> as_server_;
  UniqueFd agent_;
  UniqueFd server_;
  std::mutex mutex_;  ///< guards server_ while it is changed
  std::atomic<bool> ending_ = false;
  std::atomic<bool> ended_ = false;
  std::thread thread_;
};

}  // namespace selvage::testing

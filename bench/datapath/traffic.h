#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "bench/datapath/testbed.h"

/// The measured work. All of it runs on one core at real-time priority, sender, kernel and receiver in turns, so that
/// elapsed time is CPU time, without other programs.
namespace selvage::bench {

enum class Work : std::uint8_t {
  udp_judged,       ///< ns for a 32-byte packet without answers: each is new to conntrack
  udp_established,  ///< ns for a packet of an answered connection
  udp_denied,       ///< ns for a dropped packet (with `none`: one that arrives)
  tcp_connections,  ///< ns to open and close a connection
  tcp_request_p50,  ///< ns for a round trip of 64 bytes between two threads
  tcp_request_p99,  ///< the same, 99th percentile
  tcp_bulk,         ///< ns for a MiB
};
[[nodiscard]] const char* to_string(Work work);

/// The result of one slice of work. Requests give two figures, other work one.
using Slice = std::map<Work, double>;

/// Sender and receiver with their sockets.
class Traffic {
 public:
  static Result<Traffic> create(const lab::Host& sender, const lab::Host& receiver);

  /// Sends for about `time` and measures. `work` is not tcp_request_p99, which comes with p50. Fails when packets are
  /// lost, or pass although they are denied.
  Result<Slice> run(Work work, std::chrono::microseconds time);
  /// Whether the policy holds: allowed packets arrive, denied ones do not if there is a policy.
  Result<void> check(bool policy);

 private:
  Traffic() = default;
  [[nodiscard]] Result<UniqueFd> open_inbox(std::uint16_t port) const;
  [[nodiscard]] Result<UniqueFd> open_flow(std::uint16_t port) const;
  Result<void> answer_established();
  Result<Slice> run_udp(Work work, const UniqueFd& from, const UniqueFd& to, std::chrono::microseconds time);
  Result<Slice> run_connections(std::chrono::microseconds time);
  Result<Slice> run_requests(std::chrono::microseconds time);
  Result<Slice> run_bulk(std::chrono::microseconds time);
  struct Stream {
    UniqueFd client;
    UniqueFd server;
  };
  Result<Stream> connect_stream(int flags);

  const lab::Host* sender_ = nullptr;
  const lab::Host* receiver_ = nullptr;
  UniqueFd inbox_;         ///< of the receiver, at kAllowedPort
  UniqueFd denied_inbox_;  ///< at kDeniedPort
  UniqueFd judged_;
  UniqueFd established_;
  UniqueFd denied_;
  UniqueFd listener_;
};

}  // namespace selvage::bench

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/unique_fd.h"
#include "bench/datapath/testbed.h"

/// The work that is measured. All of it runs on one core and at real-time priority, sender, kernel and receiver in
/// turns, so that time is the CPU's and other programs of the machine stay out of it.
namespace selvage::bench {

enum class Work : std::uint8_t {
  udp_judged,       ///< ns for a 32-byte packet of a flow without answers: for conntrack each is the first
  udp_established,  ///< ns for a packet of a flow that was answered
  udp_denied,       ///< ns for a packet that is dropped (with none: that arrives)
  tcp_connections,  ///< ns to set a connection up and tear it down
  tcp_request_p50,  ///< ns for 64 bytes there and back between two threads
  tcp_request_p99,  ///< the same, of the slowest hundredth
  tcp_bulk,         ///< ns for a MiB
};
[[nodiscard]] const char* to_string(Work work);

/// One slice of work: what it came to. Requests give two figures, everything else one.
using Slice = std::map<Work, double>;

/// Sender and receiver with their sockets.
class Traffic {
 public:
  static Result<Traffic> create(const lab::Host& sender, const lab::Host& receiver);

  /// Sends for about `time` and measures. `work` is not tcp_request_p99, which comes with p50. Fails when packets get
  /// lost, or pass though `denied` says that they must not.
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

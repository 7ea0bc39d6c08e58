#pragma once

#include <atomic>
#include <thread>

#include "cluster.h"

namespace selvage::packets {

/// Sends datagrams from a host to a UDP port of a pod as fast as they arrive, each the first of a connection of its
/// own, until it is destroyed. At most a few are under way, so that none is lost to a queue on a busy machine.
class Stream {
 public:
  Stream(const Host& from, const TestPod& to, std::uint16_t port);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  /// How many have arrived.
  [[nodiscard]] std::size_t arrived() const { return arrived_; }
  /// Ends the stream. How many of those that were sent have not arrived.
  [[nodiscard]] std::size_t lost();

 private:
  void send();
  void receive();
  /// Takes what arrives within a moment; whether anything did.
  bool receive_some();

  const Host& from_;
  Endpoint to_;
  UniqueFd out_;
  UniqueFd in_;
  std::uint16_t source_ = 1024;
  std::atomic<std::size_t> sent_ = 0;
  std::atomic<std::size_t> arrived_ = 0;
  std::atomic<bool> done_ = false;
  std::thread sender_;
  std::thread receiver_;
};

}  // namespace selvage::packets

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/unique_fd.h"
#include "lab/endpoint.h"
#include "lab/node.h"

namespace selvage::bench {

/// The first packet that met another verdict than those before it.
struct Judged {
  Moment at;                     ///< when send(2) of it had returned: it was judged before
  Clock::duration resolution{};  ///< after the packet before it, which still met the old verdict
  std::size_t strays = 0;        ///< packets of the allowed time that did not arrive
};

/// Small UDP packets from one pod to another at short and regular intervals, numbered, so that it can be told when the
/// node's verdict about them changed. When a packet is read does not matter, only when it was sent: packets between
/// pods of a node are judged while they are sent.
class PacketStream {
 public:
  /// Sends from now on. Throws std::runtime_error. The hosts outlive this.
  PacketStream(const lab::Host& from, const lab::Host& to, std::uint16_t port, std::chrono::microseconds interval);
  PacketStream(const PacketStream&) = delete;
  PacketStream& operator=(const PacketStream&) = delete;
  ~PacketStream();

  /// Goes on from another source port, as a new connection that shares no state with those before.
  void start_new_flow();
  /// To be called before the verdict may change: what is sent from now on counts.
  void begin();
  /// Waits until the verdict about what was sent since begin() is `allowed`, and lasts. Throws std::runtime_error
  /// when that takes more than a minute.
  Judged await(bool allowed);

 private:
  [[nodiscard]] UniqueFd next_sender() const;
  void send_packets();
  void receive_packets();
  [[nodiscard]] Moment sent_at(std::uint64_t number) const;
  [[nodiscard]] Judged first_allowed() const;
  [[nodiscard]] Judged first_denied() const;
  [[nodiscard]] Judged judged(std::uint64_t number) const;

  const lab::Host& from_;
  lab::SocketAddress to_;
  std::chrono::microseconds interval_;
  UniqueFd receiver_;
  Mutex mutex_;
  UniqueFd sender_ GUARDED_BY(mutex_);
  /// By number, modulo the size: when a packet was sent, in nanoseconds of Clock.
  std::vector<std::atomic<std::int64_t>> sent_;
  std::atomic<std::uint64_t> count_{0};  ///< packets sent
  std::atomic<bool> stop_{false};
  std::uint64_t begin_ = 0;             ///< first number that counts
  std::vector<std::uint64_t> arrived_;  ///< numbers that did, since begin()
  std::thread thread_;
};

}  // namespace selvage::bench

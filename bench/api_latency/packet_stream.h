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

/// The first packet with another verdict than those before.
struct Judged {
  Moment at;                     ///< when its send(2) had returned: after the verdict
  Clock::duration resolution{};  ///< after the packet before, which still met the old verdict
  std::size_t strays = 0;        ///< packets sent while allowed that did not arrive
};

/// Numbered small UDP packets from one pod to another at short, regular intervals, which show when the node's verdict
/// about them changed. Only the sending time matters, not the reading time: packets between pods of a node meet the
/// tables while they are sent.
class PacketStream {
 public:
  /// Starts sending. Throws std::runtime_error. The hosts must outlive this object.
  PacketStream(const lab::Host& from, const lab::Host& to, std::uint16_t port, std::chrono::microseconds interval);
  PacketStream(const PacketStream&) = delete;
  PacketStream& operator=(const PacketStream&) = delete;
  ~PacketStream();

  /// Continues from another source port, as a new connection that shares no state with earlier ones.
  void start_new_flow();
  /// Call before the verdict may change: packets sent from now on count.
  void begin();
  /// Waits until the verdict about packets sent since begin() is `allowed`, and lasts. Throws std::runtime_error after
  /// a minute.
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
  /// Sending times in nanoseconds of Clock, by packet number modulo the size.
  std::vector<std::atomic<std::int64_t>> sent_;
  std::atomic<std::uint64_t> count_{0};  ///< packets sent
  std::atomic<bool> stop_{false};
  std::uint64_t begin_ = 0;             ///< first number that counts
  std::vector<std::uint64_t> arrived_;  ///< numbers that arrived since begin()
  std::thread thread_;
};

}  // namespace selvage::bench

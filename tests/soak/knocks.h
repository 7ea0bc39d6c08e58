#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include "complaints.h"
#include "tests/support/random_cluster.h"
#include "timeline.h"

namespace selvage::soak {

/// Sends datagrams from raw sockets, each from another port, so that each starts a new connection.
class RawSender {
 public:
  explicit RawSender(const lab::Host& host);

  /// Sends `payload` to the endpoint. False: it could not be sent.
  [[nodiscard]] bool send(const lab::Endpoint& to, std::string_view payload);

 private:
  const lab::Host& host_;
  UniqueFd v4_;
  UniqueFd v6_;
  std::uint16_t port_ = 20000;
};

/// A UDP socket for all datagrams to one port of a host, in both families.
[[nodiscard]] UniqueFd datagram_inbox(const lab::Host& host, std::uint16_t port);

/// Sends datagrams between all machines continuously and checks each against the timeline: if it arrived, some state of
/// its time must allow it; if not, some state must deny it.
class Knocks {
 public:
  /// All must outlive this object.
  Knocks(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed);
  Knocks(const Knocks&) = delete;
  Knocks& operator=(const Knocks&) = delete;
  ~Knocks();

  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t arrived() const { return arrived_; }

 private:
  struct Knock {
    Tuple tuple;
    Moment before;  ///< it was sent between these two
    Moment after;
    bool arrived = false;
  };
  void loop();
  void send_some();
  void receive();
  void judge_arrival(std::uint64_t id);
  void judge_silent();

  const Network& network_;
  Timeline& timeline_;
  Complaints& complaints_;
  testing::Random random_;
  std::vector<Tuple> tuples_;
  std::deque<RawSender> senders_;
  std::vector<UniqueFd> inboxes_;
  std::uint64_t first_ = 0;  ///< the id of the first of `open_`
  std::deque<Knock> open_;
  std::atomic<std::uint64_t> sent_ = 0;
  std::atomic<std::uint64_t> arrived_ = 0;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace selvage::soak

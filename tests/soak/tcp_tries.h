#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include "complaints.h"
#include "tests/support/random_cluster.h"
#include "timeline.h"

namespace selvage::soak {

/// Opens TCP connections between all machines continuously and checks each against the timeline: if it was answered,
/// some state of its time must allow it; if not, some state must deny it.
class TcpTries {
 public:
  /// All must outlive this object.
  TcpTries(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed);
  TcpTries(const TcpTries&) = delete;
  TcpTries& operator=(const TcpTries&) = delete;
  ~TcpTries();

  [[nodiscard]] std::uint64_t tried() const { return tried_; }
  [[nodiscard]] std::uint64_t answered() const { return answered_; }

 private:
  void loop();
  void round();

  const Network& network_;
  Timeline& timeline_;
  Complaints& complaints_;
  testing::Random random_;
  std::vector<Tuple> tuples_;
  std::atomic<std::uint64_t> tried_ = 0;
  std::atomic<std::uint64_t> answered_ = 0;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace selvage::soak

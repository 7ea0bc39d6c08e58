#pragma once

#include <list>

#include "complaints.h"
#include "lab/flow.h"
#include "tests/support/random_cluster.h"
#include "timeline.h"

namespace selvage::soak {

/// TCP and UDP connections that stay open while policy changes: those that all states allow continue in both
/// directions, denied ones end in both. For the thread that changes the objects.
class Held {
 public:
  /// All must outlive this object.
  Held(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed);

  /// Call when the node enforces one state: checks each connection that the node judges, and opens some.
  void check();

  [[nodiscard]] std::uint64_t kept() const { return kept_; }
  [[nodiscard]] std::uint64_t cut() const { return cut_; }

 private:
  struct Connection {
    Tuple tuple;
    lab::Flow flow;
    Moment since;  ///< everything before has been checked
  };
  /// Whether it stays open.
  bool look_at(Connection& connection);
  void open_some();

  const Network& network_;
  Timeline& timeline_;
  Complaints& complaints_;
  testing::Random random_;
  std::vector<Tuple> tuples_;
  std::list<Connection> connections_;
  std::uint64_t kept_ = 0;
  std::uint64_t cut_ = 0;
};

}  // namespace selvage::soak

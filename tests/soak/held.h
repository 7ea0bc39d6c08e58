#pragma once

#include <list>

#include "complaints.h"
#include "lab/flow.h"
#include "tests/support/random_cluster.h"
#include "timeline.h"

namespace selvage::soak {

/// Connections, TCP and UDP, that are held open while policy changes: what all states allow goes on in both directions,
/// what is denied ends in both. For the thread that changes what is enforced.
class Held {
 public:
  /// All must outlive this object.
  Held(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed);

  /// To be called when the node enforces one state: looks at each connection that it has a verdict for and opens some.
  void check();

  [[nodiscard]] std::uint64_t kept() const { return kept_; }
  [[nodiscard]] std::uint64_t cut() const { return cut_; }

 private:
  struct Connection {
    Tuple tuple;
    lab::Flow flow;
    Moment since;  ///< everything before has been looked at
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

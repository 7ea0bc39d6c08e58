#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "network.h"
#include "policy/model/model.h"

namespace selvage::soak {

/// All objects that a source holds at some time.
using Objects = std::vector<policy::Object>;
/// One or more of them, any of which the node may be enforcing.
using States = std::vector<std::shared_ptr<const Objects>>;

/// Why the node may do otherwise than each of the states say.
struct Excuse {
  bool opens = false;   ///< somebody else took rules away, and the documented gap is under way
  bool closes = false;  ///< something is left out, or added by somebody else, so that less passes
};

/// What may become of a packet.
struct Possible {
  bool pass = false;
  bool drop = false;
};

/// What the node could be enforcing, and when. Safe from any thread.
class Timeline {
 public:
  /// Whether a node that enforces these objects lets the first packet of a connection pass.
  using Judge = std::function<bool(const Objects&, const Tuple&)>;

  explicit Timeline(Judge judge) : judge_(std::move(judge)) {}

  /// From now on the node enforces one of `states`, nobody knows which.
  void begin(States states, Excuse excuse = {});
  /// What may have become of a packet that was on its way from `sent` to `seen`: whatever one of the states of that
  /// time says.
  [[nodiscard]] Possible possible(const Tuple& tuple, Moment sent, Moment seen);
  /// "0.012 s after what was possible last changed, on its way for at most 0.003 s, action 17": for complaints.
  [[nodiscard]] std::string describe(Moment sent, Moment seen);
  /// What is done from now on, for `describe`.
  void name(std::string action);

 private:
  struct Epoch {
    Moment begin;
    States states;
    Excuse excuse;
    std::string action;
    std::map<Tuple, Possible> known;
  };
  [[nodiscard]] const Possible& of(Epoch& epoch, const Tuple& tuple) const;

  Judge judge_;
  std::mutex mutex_;
  std::string action_;
  std::deque<Epoch> epochs_;  ///< each ends where the next one begins
};

/// Says what node 1 does, by the oracle of the tests and the edge that the node closes (docs/nftables.md).
[[nodiscard]] Timeline::Judge oracle_of(const Network& network);

}  // namespace selvage::soak

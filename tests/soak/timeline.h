#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "network.h"
#include "policy/model/model.h"

namespace selvage::soak {

/// All objects of a source at some time.
using Objects = std::vector<policy::Object>;
/// One or more states; the node may be enforcing any of them.
using States = std::vector<std::shared_ptr<const Objects>>;

/// Why the node may deviate from all states.
struct Excuse {
  bool opens = false;   ///< another program deleted rules, and the documented gap lasts
  bool closes = false;  ///< a part is omitted, or another program added one, so that less passes
};

/// The possible outcomes for a packet.
struct Possible {
  bool pass = false;
  bool drop = false;
};

/// The states that the node may have enforced, and when. Thread-safe.
class Timeline {
 public:
  /// Whether a node that enforces these objects lets the first packet of a connection pass.
  using Judge = std::function<bool(const Objects&, const Tuple&)>;

  explicit Timeline(Judge judge) : judge_(std::move(judge)) {}

  /// From now on the node enforces one of `states`, it is unknown which.
  void begin(States states, Excuse excuse = {});
  /// The possible outcomes for a packet in transit from `sent` to `seen`: the verdict of any state of that time.
  [[nodiscard]] Possible possible(const Tuple& tuple, Moment sent, Moment seen);
  /// "0.012 s after one of 2 states could be in force (17 start), seen 0.003 s later, ...", for failures.
  [[nodiscard]] std::string describe(Moment sent, Moment seen);
  /// The action from now on, for `describe`.
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
  Mutex mutex_;
  std::string action_ GUARDED_BY(mutex_);
  std::deque<Epoch> epochs_ GUARDED_BY(mutex_);  ///< each ends where the next one begins
};

/// Says what node 1 does, by the oracle of the tests and the edge that the node closes (docs/nftables.md).
[[nodiscard]] Timeline::Judge oracle_of(const Network& network);

}  // namespace selvage::soak

#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "canary.h"
#include "complaints.h"
#include "held.h"
#include "knocks.h"
#include "tcp_tries.h"
#include "timeline.h"
#include "world.h"

namespace selvage::soak {

/// What a soak is asked for.
struct Setting {
  std::string name;
  std::uint64_t seed = 0;
  std::filesystem::path agent;  ///< the selvage binary
  std::filesystem::path place;  ///< a folder of its own
  bool trace = false;           ///< print each action
};

/// A network with its objects, and everybody who watches it: the parts that soaks share. All that it does, but for
/// when, follows from the seed.
class Stage {
 public:
  explicit Stage(const Setting& setting);

  /// Notes what is done now, for the report.
  void tell(const std::string& action);
  /// The folder is about to become what these events make of it; what was possible stays so.
  void announce(const World::Step& step, Excuse excuse = {});
  void write(const World::Step& step);
  /// From now on the node may do otherwise than the objects say.
  void excuse(Excuse excuse);
  /// Waits until the node enforces what the folder says, and holds it to that. Throws when it does not come to it.
  void converge();
  /// A script of nft(8) in the node. False: it was refused.
  bool nft(const std::string& script) const;
  /// A random time, so many milliseconds at most.
  void pause(unsigned milliseconds);

  const Network& network() const { return network_; }
  World& world() { return world_; }
  testing::Random& random() { return world_.random(); }
  Complaints& complaints() { return complaints_; }
  [[nodiscard]] std::size_t actions() const { return actions_; }
  /// What the watchers saw, in a line.
  [[nodiscard]] std::string summary() const;
  /// Fails where the watchers saw too little to say anything.
  void check_watchers();
  /// The last actions, and the objects.
  [[nodiscard]] std::string last_words() const;

 private:
  States begin();

  Setting setting_;
  Network network_;
  World world_;
  Complaints complaints_;
  Timeline timeline_;
  Canary canary_;
  Held held_;
  States possible_;
  std::deque<std::string> told_;
  std::size_t actions_ = 0;
  std::size_t events_ = 0;
  Knocks knocks_;
  TcpTries tries_;
};

}  // namespace selvage::soak

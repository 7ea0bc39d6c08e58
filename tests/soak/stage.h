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

/// The parameters of a soak.
struct Setting {
  std::string name;
  std::uint64_t seed = 0;
  std::filesystem::path agent;  ///< the selvage binary
  std::filesystem::path place;  ///< a folder of its own
  bool trace = false;           ///< print each action
};

/// A network with its objects and all observers: the shared parts of soaks. All actions depend only on the seed, except
/// for their times.
class Stage {
 public:
  explicit Stage(const Setting& setting);

  /// Records the current action for the report.
  void note(const std::string& action);
  /// The folder is about to change by these events; earlier states remain possible.
  void announce(const World::Step& step, Excuse excuse = {});
  void write(const World::Step& step);
  /// From now on the node may deviate from the objects.
  void excuse(Excuse excuse);
  /// Waits until the node enforces the folder's objects, and requires it from then on. Throws after a timeout.
  void converge();
  /// A script of nft(8) in the node. False: it was refused.
  bool nft(const std::string& script) const;
  /// A random time of at most `most` milliseconds.
  void pause(unsigned milliseconds);

  const Network& network() const { return network_; }
  World& world() { return world_; }
  testing::Random& random() { return world_.random(); }
  Complaints& complaints() { return complaints_; }
  [[nodiscard]] std::size_t actions() const { return actions_; }
  /// The observers' results in one line.
  [[nodiscard]] std::string summary() const;
  /// Fails when the observers saw too little for a result.
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
  std::deque<std::string> noted_;
  std::size_t actions_ = 0;
  std::size_t events_ = 0;
  Knocks knocks_;
  TcpTries tries_;
};

}  // namespace selvage::soak

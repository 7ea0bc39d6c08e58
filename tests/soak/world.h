#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "network.h"
#include "tests/support/random_cluster.h"
#include "timeline.h"

namespace selvage::soak {

/// The objects in the manifest folder of a soak, and how they change: random ones (tests/support/random_cluster.h)
/// whose pods live in the network's namespaces and whose policies use its addresses and ports. Its actions
/// depend only on the seed and the order of the calls.
class World {
 public:
  /// `network` must outlive this object. Writes the first objects.
  World(const Network& network, std::uint64_t seed, std::filesystem::path folder);

  /// Some changes of `current`, and all states that a reader of the folder may find while they are written: each object
  /// may be read in any of its versions.
  struct Step {
    std::vector<policy::Event> events;
    States states;
  };
  [[nodiscard]] Step change(std::size_t events);
  /// Many versions of very few objects.
  [[nodiscard]] Step burst();
  /// The canary's policy, with this port allowed, which affects only the canary's verdicts.
  [[nodiscard]] policy::Event canary(std::uint16_t port);
  /// Writes the event's object, or deletes its file.
  void write(const policy::Event& event) const;
  /// Corrupts the file of some policy, or adds an invalid file; `mend` undoes it.
  void spoil();
  void mend() const;

  /// The folder's objects once all events are written.
  [[nodiscard]] States current() const;
  [[nodiscard]] testing::Random& random() { return random_; }
  [[nodiscard]] std::string describe() const { return testing::describe(objects_); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  [[nodiscard]] policy::Event random_event();
  void make_real(policy::Namespace& object);
  void make_real(policy::Pod& pod);
  void make_real(policy::NetworkPolicy& object);
  void make_real(std::vector<policy::Rule>& rules);
  [[nodiscard]] policy::IpBlock real_block();
  [[nodiscard]] std::size_t machine_of(const policy::Pod& pod);
  [[nodiscard]] Step step_of(const std::vector<policy::Event>& events);
  [[nodiscard]] std::filesystem::path file_of(const policy::ObjectKey& key) const;
  void add_canary();

  const Network& network_;
  testing::Random random_;
  std::filesystem::path folder_;
  testing::Cluster objects_;
  std::filesystem::path spoilt_;
  std::string before_;  ///< the former text of the corrupted file; empty: it did not exist
};

}  // namespace selvage::soak

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lab/netns.h"
#include "policy/model/model.h"

namespace selvage::bench {

/// A controller under measurement: takes events in and enforces them in its network namespace.
class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  /// Takes an event in, as from a watch.
  virtual void apply(const policy::Event& event) = 0;
  /// Brings the kernel up to what was applied. Returns when it is enforced; ends the program where that fails.
  virtual void enforce() = 0;
  /// Milliseconds that it has waited for the kernel's transactions so far, their encoding included; 0 where that is not
  /// told.
  [[nodiscard]] virtual double committing_ms() const { return 0; }
};

/// "Selvage": the agent's Reconciler on the kernel.
/// "rule per policy": works out all rules anew after each change and gives the difference to `nft -f`.
/// "full resync": kube-router's way; after each change everything is read, worked out and loaded again, by
/// ipset-restore and iptables-restore.
inline const std::vector<std::string> kSubjects = {"Selvage", "rule per policy", "full resync"};

/// One of `kSubjects`.
[[nodiscard]] std::unique_ptr<Subject> make_subject(const std::string& name, const lab::Namespace& where);

}  // namespace selvage::bench

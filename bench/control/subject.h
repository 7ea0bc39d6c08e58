#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lab/netns.h"
#include "policy/model/model.h"

namespace selvage::bench {

/// A controller under measurement: takes events and enforces them in its network namespace.
class Subject {
 public:
  Subject() = default;
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;
  virtual ~Subject() = default;

  /// Takes an event, as from a watch.
  virtual void apply(const policy::Event& event) = 0;
  /// Enforces all events so far. Returns when that is done; exits on failure.
  virtual void enforce() = 0;
  /// Milliseconds spent waiting for the kernel's transactions so far, with their encoding; 0 if not known.
  [[nodiscard]] virtual double committing_ms() const { return 0; }
};

/// "Selvage": the agent's Reconciler on the kernel.
/// "rule per policy": recomputes all rules after each change and passes the difference to `nft -f`.
/// "full resync": as kube-router does; after each change it reads, computes and loads everything again, with
/// ipset-restore and iptables-restore.
inline const std::vector<std::string> kSubjects = {"Selvage", "rule per policy", "full resync"};

/// One of `kSubjects`.
[[nodiscard]] std::unique_ptr<Subject> make_subject(const std::string& name, const lab::Namespace& where);

}  // namespace selvage::bench

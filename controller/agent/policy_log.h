#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "base/clock.h"
#include "controller/sources/mailbox.h"
#include "policy/compile/inventory.h"
#include "policy/tiers/stages.h"

namespace selvage::controller {

/// One line of the log for each policy that was added, changed or removed, once the tables have it: which pods of this
/// node it isolates, its peers, and how long it took. Names the first few of many. Not thread-safe.
class PolicyLog {
 public:
  /// Takes note of the policies in `mail`. Call it before `stages` takes the events.
  void note(const Mailbox::Contents& mail, const policy::Stages& stages);
  /// The tables of this mode have been committed: logs what was noted of their policies. `stages` and `inventory` are
  /// as of that commit.
  void committed(policy::Mode mode, const policy::Stages& stages, const policy::Inventory& inventory);

 private:
  struct Noted {
    Moment received;
    std::optional<policy::NetworkPolicy> before;
    bool staged_before = false;
  };

  std::map<policy::ObjectKey, Noted> noted_;
  std::size_t more_ = 0;  ///< policies beyond those that are named
};

/// "isolates 2 pods of this node (prod/api-0, prod/api-1), ingress from ns=prod app=web", "selects no pod of this
/// node". `verb` is "isolates", or another in its place. Pure.
[[nodiscard]] std::string describe_policy(const policy::NetworkPolicy& policy, const policy::Inventory& inventory,
                                          std::string_view verb);

}  // namespace selvage::controller

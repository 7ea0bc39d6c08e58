#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/clock.h"
#include "base/ip_address.h"
#include "controller/connections/fast_path.h"
#include "host/conntrack.h"
#include "nft/plan/kernel.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// Reads the kernel's connection table: host::for_each_flow, or a test's own.
using FlowReader = std::function<Result<void>(const std::function<void(const host::Flow&)>&)>;

/// Keeps the set `cut` true: the ids of established flows that policy denies now. The original
/// direction of a flow is judged with every packet; this is what stops its replies, which ride on
/// conntrack. Flows are put in when policy begins to deny them and taken out when it allows them
/// again. Reading the table costs in proportion to its size, so it is done only after a change that
/// can matter, and with rests between.
///
/// And keeps the sets of pods on the fast path true (FastPath): once two readings have shown that policy allows all
/// connections of a pod of this node, packets of established ones are not judged any more, until a plan may deny
/// something. Not thread-safe.
class ConnectionCutter {
 public:
  /// `kernel` must outlive this object.
  ConnectionCutter(nft::Kernel& kernel, FlowReader flows) : kernel_(kernel), flows_(std::move(flows)) {}

  /// Takes over what an earlier run left in the set.
  void load(const nft::Ruleset& have);
  /// Makes a plan that is to be committed one that judges each packet again, if it may deny something or `anyway`.
  void disable_fast_path(nft::Plan& plan, bool anyway) const;
  /// Says that the plan was committed: a reading is due if it can have changed a verdict.
  void committed(const nft::Plan& plan, Moment now);
  /// Says that nothing is known of the time before: a reading is due.
  void started(Moment now);

  /// Says whether the policies are all that there are (they are at first). While they are not, no flow is released for
  /// being allowed: a policy that cannot be read may deny it.
  void set_complete(bool complete) { complete_ = complete; }
  /// Says whether the tables enforce what `run` judges by, all of it (they do not at first). While they do not, no pod
  /// is on the fast path that was not before.
  void set_in_force(bool in_force) { in_force_ = in_force; }

  /// When `run` has something to do; never: nothing is due.
  [[nodiscard]] std::optional<Moment> due() const { return due_; }

  struct Report {
    std::size_t flows = 0;    ///< read
    std::size_t added = 0;    ///< cut now
    std::size_t removed = 0;  ///< allowed again, or gone
    std::size_t cut = 0;      ///< in the set
  };
  /// How many addresses of this node's pods have connections whose packets are not judged each.
  [[nodiscard]] std::size_t fastpath_addresses() const { return fast_path_.addresses(); }
  /// Reads all flows, judges them by `policy` and brings the set up to it. On an error it is due again
  /// a second later.
  Result<Report> run(const policy::NodePolicy& policy, Moment now);

 private:
  /// The four bytes of a flow's id as a number: there may be very many.
  using Id = std::uint32_t;
  /// Source and destination of a flow.
  using Ends = std::array<IpAddress, 2>;
  /// A flow in the set.
  struct Entry {
    Moment since{};              ///< when it was put in
    const Ends* ends = nullptr;  ///< in `ends_`, where they are known
    unsigned times_unseen = 0;   ///< readings in a row that did not show the flow
  };
  /// What one reading of the connection table says.
  struct Reading {
    std::size_t flows = 0;
    std::set<Ends> ends;               ///< of all that are denied; an id may stand for two
    std::map<Id, const Ends*> denied;  ///< into `ends`
    std::set<Id> allowed;              ///< of those in the set
  };

  static Id id_of(const std::string& bytes);
  static nft::ElementKey key_of(Id id);
  void schedule(Moment when);
  [[nodiscard]] std::optional<Moment> next_look(Moment now) const;
  [[nodiscard]] Result<Reading> read(const policy::NodePolicy& policy) const;
  Result<Report> sweep(const policy::NodePolicy& policy, bool sure, Moment now);
  void remember(const Reading& reading, const nft::SetChange& change, Moment now);
  [[nodiscard]] nft::SetChange changes(const Reading& reading, Report& report, Moment now);
  [[nodiscard]] FastPathFindings findings(const policy::NodePolicy& policy, const Reading& reading,
                                          const nft::SetChange& change) const;
  [[nodiscard]] Result<void> commit(const nft::Plan& plan);

  nft::Kernel& kernel_;
  FlowReader flows_;
  std::set<Ends> ends_;  ///< of flows in the set; many share them
  std::map<Id, Entry> cut_;
  FastPath fast_path_;
  std::optional<Moment> due_;
  Moment earliest_{};  ///< pacing: no run before
  bool complete_ = true;
  bool in_force_ = false;
  bool awaits_second_look_ = false;  ///< the next run is the second look after a change
  bool all_on_fast_path_ = true;     ///< no pod was left out for a connection that is denied
  Moment first_look_{};
};

}  // namespace selvage::controller

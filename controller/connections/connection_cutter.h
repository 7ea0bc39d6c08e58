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
#include "nft/plan/plan.h"
#include "policy/compile/node_policy.h"

namespace selvage::controller {

/// Reads the kernel's connection table: host::for_each_flow, or a fake.
using FlowReader = std::function<Result<void>(const std::function<void(const host::Flow&)>&)>;

/// Decides the contents of the set `cut`: ids of established connections that policy denies now. Every packet of a
/// connection's original direction is judged; this set stops the replies, which conntrack would let pass. A connection
/// is added when policy begins to deny it and removed when policy allows it again. Reading the connection table costs
/// time in proportion to its size, so it is read only after changes that matter, with pauses in between.
///
/// Also decides which pods are on the fast path (FastPath): after two readings have shown that policy allows all
/// connections of a pod, packets of its established connections are no longer judged, until a plan may deny something.
///
/// Commits nothing: it returns plans and is informed of their outcome. Not thread-safe.
class ConnectionCutter {
 public:
  explicit ConnectionCutter(FlowReader flows) : flows_(std::move(flows)) {}

  /// Takes over the state of tables that were read.
  void load(const nft::Ruleset& have);
  /// Disables the fast path in the same transaction if the plan may deny traffic, or `anyway`. Call it for every plan.
  void disable_fast_path(nft::Plan& plan, bool anyway) const;
  /// A plan that did not come from `judge` was committed: a reading is due if it may have changed a verdict.
  void committed(const nft::Plan& plan, Moment now);
  /// A reading is due, since nothing is known of the time before.
  void started(Moment now);

  /// Whether the policies are complete (they are at first). While they are not, no connection is released for being
  /// allowed: a policy that cannot be read may deny it.
  void set_complete(bool complete) { complete_ = complete; }
  /// Whether the tables enforce the whole policy that `judge` is given (they do not at first). While they do not, no
  /// pod is put on the fast path.
  void set_in_force(bool in_force) { in_force_ = in_force; }

  /// When `judge` should be called; none: not needed.
  [[nodiscard]] std::optional<Moment> due() const { return due_; }
  /// The number of pod addresses on the fast path.
  [[nodiscard]] std::size_t fastpath_addresses() const { return fast_path_.addresses(); }

  struct Report {
    std::size_t flows = 0;    ///< read
    std::size_t added = 0;    ///< cut now
    std::size_t removed = 0;  ///< allowed again, or gone
    std::size_t cut = 0;      ///< in the set
  };
  class Judgement;

  /// Reads all connections and judges them by `policy`. On an error it is due again a second later.
  Result<Judgement> judge(const policy::NodePolicy& policy, Moment now);
  /// The judgement's plan was committed.
  Report carried_out(const Judgement& judgement);
  /// The judgement's plan was not committed, or its outcome is unknown: due again a second later. `load` the tables
  /// first.
  void failed(Moment now);

 private:
  /// The four bytes of a connection's id as a number, to save memory.
  using Id = std::uint32_t;
  /// Source and destination of a connection.
  using Ends = std::array<IpAddress, 2>;
  /// A connection in the set.
  struct Entry {
    Moment since{};              ///< when it was added
    const Ends* ends = nullptr;  ///< in `ends_`, if known
    unsigned times_unseen = 0;   ///< consecutive readings without the connection
  };
  /// The findings of one reading of the connection table.
  struct Reading {
    std::size_t flows = 0;
    std::set<Ends> ends;               ///< of all denied connections; two may share an id
    std::map<Id, const Ends*> denied;  ///< into `ends`
    std::set<Id> allowed;              ///< of connections in the set
  };

  static Id id_of(const std::string& bytes);
  static nft::ElementKey key_of(Id id);
  void schedule(Moment when);
  void rest(Moment now);
  [[nodiscard]] std::optional<Moment> next_look(Moment now) const;
  [[nodiscard]] Result<Reading> read(const policy::NodePolicy& policy) const;
  void remember(const Reading& reading, const nft::SetChange& change, Moment now);
  [[nodiscard]] nft::SetChange changes(const Reading& reading, Report& report, Moment now);
  [[nodiscard]] FastPathFindings findings(const policy::NodePolicy& policy, const Reading& reading,
                                          const nft::SetChange& change) const;

  FlowReader flows_;
  std::set<Ends> ends_;  ///< of connections in the set; many share them
  std::map<Id, Entry> cut_;
  FastPath fast_path_;
  std::optional<Moment> due_;
  Moment begun_{};     ///< when the last reading began, by the real clock
  Moment earliest_{};  ///< pacing: no reading before
  bool complete_ = true;
  bool in_force_ = false;
  bool awaits_second_look_ = false;  ///< the next run is the second look after a change
  bool all_on_fast_path_ = true;     ///< no pod was left out for a denied connection
  Moment first_look_{};
};

/// The consequences of a reading of the connection table.
class ConnectionCutter::Judgement {
 public:
  Judgement() = default;
  Judgement(Judgement&&) = default;
  Judgement& operator=(Judgement&&) = default;
  Judgement(const Judgement&) = delete;  // the reading points into itself
  Judgement& operator=(const Judgement&) = delete;
  ~Judgement() = default;

  /// To be committed unchanged; empty: nothing changes.
  [[nodiscard]] const nft::Plan& plan() const { return plan_; }

 private:
  friend class ConnectionCutter;

  Moment now_{};
  Reading reading_;
  Report report_;
  nft::SetChange change_;  ///< of the set `cut`
  bool all_on_fast_path_ = false;
  nft::Plan plan_;
};

}  // namespace selvage::controller

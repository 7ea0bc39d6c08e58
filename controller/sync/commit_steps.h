#pragma once

#include <functional>

#include "nft/plan/commit_result.h"
#include "nft/plan/plan.h"

/// The kernel publishes the contents of interval sets after everything else of their transaction
/// (docs/decisions/0027-interval-sets.md): packets can meet new rules and old contents. A plan is therefore committed
/// in steps, such that each end of a packet's way is judged as before the plan or as after it.
namespace selvage::controller {

/// Commits one transaction.
using Transaction = std::function<nft::CommitResult(const nft::Plan&)>;

/// Commits a plan in as few transactions as are safe, most plans in one:
///
///   1. What allows more, and what nothing refers to yet: sets, chains, added permissions with the rules that look them
///      up, pods that are no longer isolated. All of a new table but its base chains.
///   2. Classes: of pods that get another one, then of address blocks.
///   3. The rest: pods that become isolated, all other rules, all deletions; the base chains of a new table.
///
/// Steps 1 and 2 are transactions of their own only where they change an interval set. The fast path is disabled in the
/// first one. In each step and between two of them, in each direction: a packet that passes before the plan and after
/// it passes (except from and to pods that leave the node); a packet that is dropped before and after it is dropped, if
/// the plan follows from the change of one object. Of several objects it may meet the old version of one and the new
/// version of another, and between two pods of the node the old version in one direction and the new one in the other,
/// as between two nodes. A table that replaces another one comes in one transaction (but see `commit_whole`). After an
/// error the earlier steps remain.
nft::CommitResult commit_in_steps(nft::Plan plan, const Transaction& commit);

/// What a plan from a reading meets.
struct TablesThere {
  bool hooked = false;    ///< the enforced table has its base chain
  bool taken = false;     ///< another program owns it
  bool stand_in = false;  ///< of a program that was killed while it replaced the table, or is about to
};
[[nodiscard]] TablesThere tables_there(const nft::Ruleset& have);

/// Commits a plan made from a reading, as `commit_in_steps` does. While the enforced table is replaced (nft::diff), a
/// stand-in with the same contents (kStandInTable) enforces the policy: it is there before the old table goes and until
/// the new one is complete. Removes a stand-in that was left, once the table itself has its base chain. Parts of the
/// stand-in that the kernel refuses are reported as those of the table. Where another program owns the table there is
/// no stand-in, and one transaction, which the kernel refuses.
nft::CommitResult commit_whole(nft::Plan plan, TablesThere there, const Transaction& commit);

}  // namespace selvage::controller

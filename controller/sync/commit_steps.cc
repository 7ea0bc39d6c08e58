#include "controller/sync/commit_steps.h"

#include <algorithm>
#include <utility>

#include "controller/sync/plan_steps.h"
#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using nft::Plan;
using nft::TablePlan;

Plan deletion_of(const nft::TableKey& key) {
  Plan plan;
  plan.tables[key].delete_table = true;
  return plan;
}

/// The same error with parts of the table instead of those of its stand-in.
nft::CommitResult as_of_table(nft::CommitResult result) {
  if (result) return result;
  nft::CommitError error = std::move(result.error());
  for (auto& refused : error.parts) {
    if (refused.part.table == kStandInTable) refused.part.table = kInetTable;
  }
  return tl::unexpected(std::move(error));
}

/// Replaces the enforced table while a stand-in enforces. `plan`: with the table's deletion and creation.
nft::CommitResult replace(Plan plan, const Transaction& commit) {
  TablePlan& table = plan.tables.at(kInetTable);
  // Large contents are moved to and fro, not copied.
  TablePlan base_chains;
  move_base_chains(table, base_chains);
  const bool own = std::exchange(table.own, false);
  table.delete_table = false;
  Plan stand_in;
  stand_in.tables[kStandInTable] = std::move(table);
  if (auto done = as_of_table(commit(stand_in)); !done) return done;
  Plan hooks;
  hooks.tables[kStandInTable] = base_chains;
  if (auto done = commit(hooks); !done) {
    (void)commit(deletion_of(kStandInTable));  // if it fails: the next plan from a reading removes the table
    return as_of_table(std::move(done));
  }
  table = std::move(stand_in.tables.at(kStandInTable));
  table.own = own;
  table.delete_table = true;
  // From here on the stand-in may be all that enforces, also where an answer was lost.
  if (auto done = commit(plan); !done) return done;
  plan.tables.clear();
  hooks.tables.clear();
  hooks.tables[kInetTable] = std::move(base_chains);
  if (auto done = commit(hooks); !done) return done;
  return commit(deletion_of(kStandInTable));
}

nft::CommitResult commit_steps(Plan plan, bool hooked, const Transaction& commit) {
  for (Plan& step : plan_steps(std::move(plan), hooked)) {
    if (auto done = commit(step); !done) return done;
    step.tables.clear();
  }
  return {};
}

/// Whether the plan gives the enforced table its base chain.
bool hooks(const Plan& plan) {
  const auto table = plan.tables.find(kInetTable);
  return table != plan.tables.end() &&
         std::ranges::any_of(table->second.add_chains, [](const auto& entry) { return entry.second.base.has_value(); });
}

}  // namespace

nft::CommitResult commit_in_steps(Plan plan, const Transaction& commit) {
  return commit_steps(std::move(plan), true, commit);
}

TablesThere tables_there(const nft::Ruleset& have) {
  TablesThere there;
  if (const auto table = have.find(kInetTable); table != have.end()) {
    there.hooked =
        std::ranges::any_of(table->second.chains, [](const auto& entry) { return entry.second.base.has_value(); });
    there.taken = table->second.ownership == nft::Ownership::taken;
  }
  there.stand_in = have.contains(kStandInTable);
  return there;
}

nft::CommitResult commit_whole(Plan plan, TablesThere there, const Transaction& commit) {
  plan.tables.erase(kStandInTable);
  if (there.taken) return commit(plan);
  if (there.stand_in && there.hooked) {
    if (auto done = commit(deletion_of(kStandInTable)); !done) return done;
    there.stand_in = false;
  }
  const auto table = plan.tables.find(kInetTable);
  const bool replaces = table != plan.tables.end() && table->second.delete_table && table->second.create_table;
  if (replaces && there.hooked) return replace(std::move(plan), commit);
  const bool superfluous = there.stand_in && hooks(plan);
  if (auto done = commit_steps(std::move(plan), there.hooked, commit); !done || !superfluous) return done;
  return commit(deletion_of(kStandInTable));
}

}  // namespace selvage::controller

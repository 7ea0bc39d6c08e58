#pragma once

#include "base/result.h"
#include "controller/agent/agent.h"
#include "controller/selfcheck/self_check.h"

namespace selvage::controller {

struct NodeCheck {
  SelfCheckReport report;
  bool complete = true;  ///< no document or object was invalid
};

/// Checks this node's tables once, beside an agent or without one: reads the objects of the source in `options`,
/// waiting for the first full list, reads the tables and compares (self_check). If they differ, it repeats that a
/// second later with current objects, since an agent may be about to commit. Changes nothing, whoever owns the tables.
/// Fails if the source or the kernel cannot be read. Logs invalid objects. Ignores `options.once`, `dry_run` and
/// `table_owner`.
Result<NodeCheck> check_node(const AgentOptions& options, std::uint64_t seed);

}  // namespace selvage::controller

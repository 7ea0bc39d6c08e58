#pragma once

#include "base/result.h"
#include "controller/agent/agent.h"
#include "controller/selfcheck/self_check.h"

namespace selvage::controller {

struct NodeCheck {
  SelfCheckReport report;
  bool complete = true;  ///< no document or object was refused: all that there is was compared with
};

/// Checks this node's tables once, from outside of the agent that keeps them or without one: takes in what the source
/// that `options` name says, for which it waits as long as it takes, reads the tables and compares (self_check). Where
/// they differ it looks once more a second later, with what the source says by then, since an agent may be about to put
/// them right. Changes nothing; who owns the tables does not matter. Fails where the source or the kernel cannot be
/// asked. Logs what the source refuses. `options.once`, `dry_run` and `table_owner` have no meaning here.
Result<NodeCheck> check_node(const AgentOptions& options, std::uint64_t seed);

}  // namespace selvage::controller

#pragma once

#include "controller/agent/agent.h"
#include "controller/agent/enforcer.h"
#include "controller/status/status.h"

namespace selvage::controller {

/// The current state of an agent with these options. `counters` may be nullptr: no packets are counted.
[[nodiscard]] AgentStatus gather_status(const AgentOptions& options, Enforcer& enforcer,
                                        const telemetry::Health& health, PacketCounters* counters);

}  // namespace selvage::controller

#pragma once

#include "controller/agent/agent.h"
#include "controller/agent/enforcer.h"
#include "controller/status/status.h"

namespace selvage::controller {

/// What an agent with these options knows of itself now. `counters` may be nullptr: no packets are told.
[[nodiscard]] AgentStatus gather_status(const AgentOptions& options, Enforcer& enforcer,
                                        const telemetry::Health& health, PacketCounters* counters);

}  // namespace selvage::controller

#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/wall_time.h"
#include "controller/output/json_members.h"
#include "host/packet_log.h"
#include "policy/explain/explain.h"

/// Denied packets: from the kernel's log to what people and machines read.
namespace selvage::controller {

/// One packet that a deny chain logged.
struct Denial {
  policy::Direction direction = policy::Direction::ingress;
  policy::FlowKey flow;
  std::optional<std::uint16_t> source_port;
  std::optional<WallTime> when;
  policy::Mode mode = policy::Mode::enforced;  ///< staged: it passed

  friend bool operator==(const Denial&, const Denial&) = default;
};

/// Nothing for a packet that another program's rule logged to the same group.
[[nodiscard]] std::optional<Denial> denial_of(const host::LoggedPacket& packet);

/// The denials of one flow that one line tells.
struct DenialCount {
  std::uint64_t packets = 1;
  std::chrono::seconds span{0};              ///< in which they came; 0: it is the flow's first
  std::optional<std::uint16_t> source_port;  ///< of the first of them
  std::optional<WallTime> first;             ///< when the kernel received it
  std::optional<WallTime> last;

  friend bool operator==(const DenialCount&, const DenialCount&) = default;
};

/// A line of the log: its message, and the same as members of a JSON object (docs/denied.md names them).
struct DenialLine {
  std::string message;
  JsonMembers members;
};

/// "denied at ingress: TCP prod/web-0 (10.244.1.2:40000) > prod/api-0 (10.244.1.3:8081): prod/allow-web-to-api allows
/// TCP 8080, not 8081; isolated by prod/allow-web-to-api". For staged policies "would be denied at ingress: ...".
[[nodiscard]] DenialLine denial_line(const policy::Explanation& explanation, const DenialCount& count,
                                     policy::Mode mode = policy::Mode::enforced);

/// What no line of its own told.
struct LeftOut {
  std::uint64_t packets = 0;  ///< of flows that were forgotten untold
  std::uint64_t flows = 0;
  std::uint64_t lost = 0;  ///< packets that were logged and not read in time

  [[nodiscard]] bool any() const { return packets > 0 || lost > 0; }
  friend bool operator==(const LeftOut&, const LeftOut&) = default;
};
[[nodiscard]] DenialLine left_out_line(const LeftOut& left_out, policy::Mode mode = policy::Mode::enforced);

}  // namespace selvage::controller

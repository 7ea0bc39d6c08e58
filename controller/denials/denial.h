#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/wall_time.h"
#include "host/packet_log.h"
#include "policy/explain/explain.h"

/// Denied packets, from the kernel's log to lines for people and machines.
namespace selvage::controller {

/// One packet that a deny chain logged.
struct Denial {
  policy::Direction direction = policy::Direction::ingress;
  policy::FlowKey flow;
  std::optional<std::uint16_t> source_port;
  std::optional<WallTime> when;
  policy::Mode mode = policy::Mode::enforced;  ///< staged: the packet passed

  friend bool operator==(const Denial&, const Denial&) = default;
};

/// Nothing: another program's rule logged the packet to the same group.
[[nodiscard]] std::optional<Denial> denial_of(const host::LoggedPacket& packet);

/// The denials of one flow that are reported in one line.
struct DenialCount {
  std::uint64_t packets = 1;
  std::chrono::seconds span{0};              ///< of their arrival; 0: the flow's first packet
  std::optional<std::uint16_t> source_port;  ///< of the first packet
  std::optional<WallTime> first;             ///< when the kernel received it
  std::optional<WallTime> last;

  friend bool operator==(const DenialCount&, const DenialCount&) = default;
};

/// A line of the log: its message, and the same as members of a JSON object without braces (docs/denied.md).
struct DenialLine {
  std::string message;
  std::string members;
};

/// "denied at ingress: TCP prod/web-0 (10.244.1.2:40000) > prod/api-0 (10.244.1.3:8081): prod/allow-web-to-api allows
/// TCP 8080, not 8081; isolated by prod/allow-web-to-api". For staged policies "would be denied at ingress: ...".
[[nodiscard]] DenialLine denial_line(const policy::Explanation& explanation, const DenialCount& count,
                                     policy::Mode mode = policy::Mode::enforced);

/// Denials without a line of their own.
struct Unreported {
  std::uint64_t packets = 0;  ///< of flows that were forgotten before their line was due
  std::uint64_t flows = 0;
  std::uint64_t lost = 0;  ///< packets that the kernel logged and that were not read in time

  [[nodiscard]] bool any() const { return packets > 0 || lost > 0; }
  friend bool operator==(const Unreported&, const Unreported&) = default;
};
[[nodiscard]] DenialLine unreported_line(const Unreported& unreported, policy::Mode mode = policy::Mode::enforced);

}  // namespace selvage::controller

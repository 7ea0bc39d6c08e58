#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/result.h"

namespace selvage::controller {

/// One end of a flow, as people name it.
struct FlowEnd {
  enum class Kind : std::uint8_t { address, pod, node };
  Kind kind = Kind::address;
  std::string text;  ///< "10.244.1.3", "prod/api-0", or a node's name
};

/// A flow in question, as people describe it.
struct FlowQuery {
  FlowEnd source;
  FlowEnd destination;
  std::uint8_t protocol = 0;
  std::uint16_t port = 0;  ///< of the destination; 0 where the protocol has none
  std::optional<std::uint16_t> source_port;
  std::optional<std::uint8_t> icmp_type;  ///< none: an echo request
  std::optional<std::uint8_t> icmp_code;
  std::optional<IpFamily> family;  ///< of the pods' addresses; none: as the other end has it, or the first address
};

/// Reads one JSON object (docs/verdicts.md). The error names the member and what it must be.
[[nodiscard]] Result<FlowQuery> parse_flow_query(std::string_view line);

}  // namespace selvage::controller

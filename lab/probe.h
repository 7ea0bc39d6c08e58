#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lab/endpoint.h"
#include "lab/netns.h"

namespace selvage::lab {

/// The result of a connection attempt.
enum class Outcome : std::uint8_t {
  answered,     ///< the connection stands, or an echo came back
  refused,      ///< the address answers, the port is closed (RST, ICMP port unreachable)
  silent,       ///< nothing came back in time
  unreachable,  ///< the sender has no route or no such source address
};

/// "answered" and so on.
[[nodiscard]] const char* to_string(Outcome outcome);

/// One attempt. `from` must outlive the call that runs it.
struct Probe {
  const Namespace* from = nullptr;
  Transport transport = Transport::tcp;
  Endpoint to;
  milliseconds patience{3000};     ///< a silent one takes as long as this
  std::optional<Endpoint> source;  ///< the sender's own address and port, where they matter
  bool any_answer = false;         ///< UDP: an answer counts whoever it comes from (multicast, broadcast)
};

/// Runs all probes at once and returns their outcomes in their order. An error is a probe that could not be made at
/// all. UDP, ICMP and SCTP are sent again four times a second, as an application would; TCP is the kernel's business.
Result<std::vector<Outcome>> run_probes(std::span<const Probe> probes);

/// The same for one.
Result<Outcome> run_probe(const Probe& probe);

}  // namespace selvage::lab

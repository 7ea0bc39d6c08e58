#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "policy/model/model.h"

namespace selvage::testing {

/// The first packet of a connection, with the addresses that policy speaks of: after destination
/// NAT, before source NAT. Both addresses are of one family.
struct FirstPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 6;                      ///< IANA number
  std::optional<std::uint16_t> destination_port;  ///< host order; none where the protocol has none

  friend bool operator==(const FirstPacket&, const FirstPacket&) = default;
};

/// "10.244.0.1 > 10.244.0.2 proto 6 port 80".
[[nodiscard]] std::string to_string(const FirstPacket& packet);

struct OracleAnswer {
  bool allowed = false;
  std::string reason;  ///< for failure messages
};

/// What `node` must do with `packet`, written straight from the NetworkPolicy API reference and
/// deliberately naive: a second truth to check the compiler against. It shares no code with policy/
/// but the model's fields: labels, selectors and address blocks are compared by code of its own.
///
/// A node enforces egress of the pods that it runs, and ingress of the pods that it runs; replies
/// are not modelled.
[[nodiscard]] OracleAnswer ask_oracle(std::span<const policy::Object> objects, std::string_view node,
                                      const FirstPacket& packet);

/// One direction of it alone: what the policies of the destination (`ingress`) or of the source say, if that is a pod
/// which `node` runs.
[[nodiscard]] OracleAnswer ask_oracle_one_way(std::span<const policy::Object> objects, std::string_view node,
                                              const FirstPacket& packet, bool ingress);

/// Whether `address` is that of a pod which `node` runs.
[[nodiscard]] bool is_pod_of(std::span<const policy::Object> objects, std::string_view node, const IpAddress& address);

/// Whether a pod bound to `node` is isolated for what it receives (`ingress`) or sends, be it that it
/// has no address yet: while there is one, the node drops what comes from (or goes to) an address on
/// its pod bridges that no pod of it owns.
[[nodiscard]] bool isolates_some_pod(std::span<const policy::Object> objects, std::string_view node, bool ingress);

}  // namespace selvage::testing

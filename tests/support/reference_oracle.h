#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "policy/model/model.h"

namespace selvage::testing {

/// The first packet of a connection, with the addresses that policy applies to: after destination
/// NAT, before source NAT. Both addresses are of one family.
struct FirstPacket {
  IpAddress source;
  IpAddress destination;
  std::uint8_t protocol = 6;                      ///< IANA number
  std::optional<std::uint16_t> destination_port;  ///< host order; none for a protocol without ports

  friend bool operator==(const FirstPacket&, const FirstPacket&) = default;
};

/// "10.244.0.1 > 10.244.0.2 proto 6 port 80".
[[nodiscard]] std::string to_string(const FirstPacket& packet);

struct OracleAnswer {
  bool allowed = false;
  std::string reason;  ///< for failure messages
};

/// The verdict of `node` on `packet`, written directly from the NetworkPolicy API reference and deliberately naive: an
/// independent implementation to check the compiler against. It shares only the model's fields with policy/, and
/// compares labels, selectors and address blocks by code of its own.
///
/// A node enforces egress of the pods that it runs, and ingress of the pods that it runs; replies
/// are not modelled.
[[nodiscard]] OracleAnswer ask_oracle(std::span<const policy::Object> objects, std::string_view node,
                                      const FirstPacket& packet);

/// One direction of it: the verdict of the policies of the destination (`ingress`) or of the source, if that is a pod
/// on `node`.
[[nodiscard]] OracleAnswer ask_oracle_one_way(std::span<const policy::Object> objects, std::string_view node,
                                              const FirstPacket& packet, bool ingress);

/// Whether `address` belongs to a pod on `node`.
[[nodiscard]] bool is_pod_of(std::span<const policy::Object> objects, std::string_view node, const IpAddress& address);

/// Whether some pod bound to `node` is isolated for ingress (or egress), even one without an address yet. While there
/// is one, the node drops packets to (or from) addresses on its pod bridges that belong to no pod of the node.
[[nodiscard]] bool isolates_some_pod(std::span<const policy::Object> objects, std::string_view node, bool ingress);

}  // namespace selvage::testing

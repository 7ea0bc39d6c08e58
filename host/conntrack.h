#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/ip_address.h"
#include "base/result.h"

namespace selvage::host {

/// One entry of the kernel's connection table as the forward hook sees its original direction: after
/// destination NAT, before source NAT.
struct Flow {
  std::string id;                      ///< CTA_ID, the 4 bytes as received: the key of a `ct id` set
  std::uint8_t protocol = 0;           ///< IANA number
  IpAddress source;                    ///< source of the original tuple
  IpAddress destination;               ///< source of the reply tuple (after DNAT)
  std::uint16_t source_port = 0;       ///< host order; 0 where the protocol has none
  std::uint16_t destination_port = 0;  ///< host order, after DNAT; 0 where the protocol has none
  bool translated = false;             ///< the destination was translated (`ct status dnat`)

  friend bool operator==(const Flow&, const Flow&) = default;
};

/// Calls `visit` for every entry of this network namespace's connection table, both families, while the dump arrives
/// (memory does not grow with the table). Needs CAP_NET_ADMIN. When the table changes meanwhile, an entry may be missed
/// or visited twice. EINTR and inconsistent dumps are retried; other errors carry the errno.
Result<void> for_each_flow(const std::function<void(const Flow&)>& visit);

}  // namespace selvage::host

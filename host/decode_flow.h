#pragma once

#include <optional>

#include "host/conntrack.h"
#include "netlink/attributes.h"

namespace selvage::host {

/// The payload (everything after nlmsghdr) of an IPCTNL_MSG_CT_NEW message as a flow; nothing when a part
/// is missing, as in an entry of another family. Accepts any bytes.
[[nodiscard]] std::optional<Flow> decode_flow(netlink::Bytes payload);

}  // namespace selvage::host

#pragma once

#include <optional>

#include "host/conntrack.h"
#include "netlink/attributes.h"

namespace selvage::host {

/// The payload (all behind nlmsghdr) of an IPCTNL_MSG_CT_NEW message as a flow; nothing for one that
/// lacks a part, such as an entry of another family. Survives any bytes.
[[nodiscard]] std::optional<Flow> decode_flow(netlink::Bytes payload);

}  // namespace selvage::host

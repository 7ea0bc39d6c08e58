#pragma once

namespace selvage::cli {

/// Makes CAP_NET_ADMIN effective for this thread and those that it starts, where it is permitted and not effective: so
/// the program begins as a user other than root whom its file grants the capability (setcap cap_net_admin=p), as in the
/// image. Changes nothing else, and nothing where the capability is not permitted: what needs it says so itself.
void raise_net_admin();

}  // namespace selvage::cli

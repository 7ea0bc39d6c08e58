#pragma once

namespace selvage::cli {

/// Makes CAP_NET_ADMIN effective for this thread and the threads that it starts, if it is permitted. It is permitted
/// and not effective when the program starts as a user other than root with a file capability (setcap cap_net_admin=p),
/// as in the image. Does nothing where the capability is not permitted: operations that need it report their own
/// errors.
void raise_net_admin();

}  // namespace selvage::cli

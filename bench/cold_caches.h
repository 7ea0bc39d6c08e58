#pragma once

namespace selvage::bench {

/// Fills the caches of a core with other data, as other programs of a node do between two changes. Without it a small
/// cluster's change would find in them all that it needs, and a large one's what the kernel's last transaction left.
void empty_caches();

}  // namespace selvage::bench

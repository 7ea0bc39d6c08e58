#pragma once

namespace selvage::bench {

/// Fills the caches of a core with other data, as other programs of a node do between two changes. Otherwise a change
/// of a small cluster would find all its data in the caches, and that of a large one the data of the last transaction.
void empty_caches();

}  // namespace selvage::bench

#pragma once

namespace selvage::bench {

/// From now on this thread runs on the machine's last core and before all ordinary programs, and so do the programs
/// that it starts.
void become_realtime();

}  // namespace selvage::bench

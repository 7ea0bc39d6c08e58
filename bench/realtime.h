#pragma once

namespace selvage::bench {

/// Moves this thread to the machine's last core, ahead of all ordinary programs, and with it the programs that it
/// starts.
void become_realtime();

}  // namespace selvage::bench

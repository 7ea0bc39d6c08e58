#pragma once

#include <unistd.h>

#include <iostream>
#include <string>

namespace selvage::demo {

/// One line on a terminal's standard output that each call overwrites; nothing where that is no terminal.
class Progress {
 public:
  void show(const std::string& text) const {
    if (live_) std::cout << "\r\x1b[K" << text << std::flush;
  }
  /// Clears the line for the next output.
  void clear() const { show(""); }

 private:
  bool live_ = isatty(STDOUT_FILENO) == 1;
};

}  // namespace selvage::demo

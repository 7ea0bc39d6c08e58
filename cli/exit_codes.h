#pragma once

namespace selvage::cli {

/// What the program's exit codes mean (docs and --help name them too).
enum ExitCode : int {
  kDone = 0,          ///< did what was asked
  kFailed = 1,        ///< did not: the reason is on standard error
  kUsage = 2,         ///< the command line or the config file is wrong; nothing was touched
  kBadManifests = 3,  ///< `agent --once`: enforced, but some document was refused
  kNotEffective = 4,  ///< `agent --once`: committed, but bridged pod traffic does not pass nftables
};

}  // namespace selvage::cli

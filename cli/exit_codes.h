#pragma once

namespace selvage::cli {

/// What the program's exit codes mean (docs/cli.md and --help name them too).
/// @{
inline constexpr int kDone = 0;          ///< did what was asked
inline constexpr int kFailed = 1;        ///< did not: the reason is on standard error
inline constexpr int kUsage = 2;         ///< the command line or the config file is wrong; nothing was touched
inline constexpr int kBadManifests = 3;  ///< `agent --once`: enforced, but some document was refused
inline constexpr int kNotEffective = 4;  ///< `agent --once`: committed, but bridged pod traffic does not pass nftables
inline constexpr int kDivergent = 5;     ///< `verify`: the tables are not as they should be
/// @}

}  // namespace selvage::cli

#pragma once

#include <array>

namespace selvage::cli {

/// What the program's exit codes mean (docs/cli.md names them too).
/// @{
inline constexpr int kDone = 0;          ///< did what was asked
inline constexpr int kFailed = 1;        ///< did not: the reason is on standard error
inline constexpr int kUsage = 2;         ///< the command line or the config file is wrong; nothing was touched
inline constexpr int kBadManifests = 3;  ///< `agent --once`: enforced, but some document was refused
inline constexpr int kNotEffective = 4;  ///< `agent --once`: committed, but bridged pod traffic does not pass nftables
inline constexpr int kDivergent = 5;     ///< `verify`: the tables are not as they should be
/// @}

/// One of them, for --help and the man pages.
struct ExitCode {
  int code;
  const char* command;  ///< whose it is; empty: any
  const char* meaning;
};
inline constexpr std::array<ExitCode, 6> kExitCodes = {{
    {kDone, "", "done"},
    {kFailed, "", "failed: the reason is on standard error; preflight: something stands in the way"},
    {kUsage, "", "wrong command line or config file; nothing was touched"},
    {kBadManifests, "agent", "agent --once: enforced, but some document was refused"},
    {kNotEffective, "agent", "agent --once: committed, but bridged pod traffic does not pass nftables"},
    {kDivergent, "verify", "verify: the tables are not as they should be"},
}};

}  // namespace selvage::cli

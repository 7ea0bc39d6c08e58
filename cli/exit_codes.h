#pragma once

#include <array>

namespace selvage::cli {

/// Exit codes of selvage (docs/cli.md).
/// @{
inline constexpr int kDone = 0;          ///< success
inline constexpr int kFailed = 1;        ///< failure: the reason is on standard error
inline constexpr int kUsage = 2;         ///< the command line or the config file is wrong; nothing was touched
inline constexpr int kBadManifests = 3;  ///< `agent --once`: enforced, but some document was invalid
inline constexpr int kUnanswered = 3;    ///< `verdicts`: some line was not answered
inline constexpr int kNotEffective = 4;  ///< `agent --once`: committed, but bridged pod traffic does not pass nftables
inline constexpr int kDivergent = 5;     ///< `verify`, `verdicts --tables`: the tables differ from what they should say
/// @}

/// An exit code, for --help and the man pages.
struct ExitCode {
  int code;
  const char* command;  ///< that ends with it; empty: any
  const char* meaning;
};
inline constexpr std::array<ExitCode, 8> kExitCodes = {{
    {kDone, "", "success"},
    {kFailed, "", "failure: the reason is on standard error; preflight: a check failed"},
    {kUsage, "", "wrong command line or config file; nothing was touched"},
    {kBadManifests, "agent", "agent --once: enforced, but some document was invalid"},
    {kUnanswered, "verdicts", "verdicts: a line cannot be read, or names something that does not exist"},
    {kNotEffective, "agent", "agent --once: committed, but bridged pod traffic does not pass nftables"},
    {kDivergent, "verify", "verify: the tables differ from the desired ones"},
    {kDivergent, "verdicts", "verdicts --tables: the tables judge a flow otherwise than the policies"},
}};

}  // namespace selvage::cli

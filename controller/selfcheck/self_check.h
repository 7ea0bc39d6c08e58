#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nft/model/table.h"
#include "nft/plan/compare.h"
#include "policy/compile/snapshot.h"

namespace selvage::controller {

/// A flow whose first packet gets the wrong verdict.
struct WrongVerdict {
  policy::FlowKey flow;
  bool passes = false;  ///< the verdict of the tables; the right one is the opposite
  std::string judge;    ///< the source of the right verdict: "policy", "objects", "tables as they should be"
  std::string trace;    ///< how the tables reach their verdict, a line for each rule that decided

  friend bool operator==(const WrongVerdict&, const WrongVerdict&) = default;
};

struct SelfCheckReport {
  std::uint64_t seed = 0;           ///< of the samples
  nft::Differences differences;     ///< between the objects in the tables
  std::size_t flows = 0;            ///< sampled
  std::size_t wrong_flows = 0;      ///< of these, with a wrong verdict
  std::vector<WrongVerdict> wrong;  ///< the first few of them

  /// Objects that differ plus flows with a wrong verdict; 0: the tables are right.
  [[nodiscard]] std::size_t divergent() const;
};

struct SelfCheckOptions {
  std::uint64_t seed = 1;   ///< of the samples: the same one gives the same flows
  std::size_t flows = 512;  ///< number of samples, half of them at the limits of a permission
  /// The tables may deny what policy allows, since refused parts are omitted with their fail-closed fallback, or
  /// objects are missing that isolated a pod before. What policy denies must never pass.
  bool tightens_more = false;
};

/// Compares tables that were read back (`have`) with the desired ones (`want`): object by object, and by the verdicts
/// on packets of sampled flows between known addresses. The tables must agree with the compiler's records
/// (policy::allows), and the records with the objects, which are evaluated again for some of the flows. Pure; takes
/// milliseconds for tables of 10,000 pods.
[[nodiscard]] SelfCheckReport self_check(const nft::Ruleset& have, const nft::Ruleset& want,
                                         const policy::Snapshot& snapshot, const SelfCheckOptions& options = {});

/// A line for each kind of difference, "2 elements unexpected in inet selvage: pods4 { 10.0.0.1 }, ...", and for each
/// wrong verdict that is named, then their number and the seed; empty if the tables are right.
[[nodiscard]] std::vector<std::string> lines_of(const SelfCheckReport& report);
/// Logs each of these lines as an error; without any, one line at debug level.
void log_self_check(const SelfCheckReport& report);
/// One JSON object on one line: {"divergent":0,"seed":1,"flows":512,"wrong_flows":0,"differences":[...],"wrong":[...]}.
[[nodiscard]] std::string to_json(const SelfCheckReport& report);

}  // namespace selvage::controller

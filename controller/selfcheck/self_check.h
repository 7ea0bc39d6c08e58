#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "nft/model/table.h"
#include "nft/plan/compare.h"
#include "policy/compile/snapshot.h"

namespace selvage::controller {

/// A flow whose first packet the tables treat otherwise than it should be.
struct WrongVerdict {
  policy::FlowKey flow;
  bool passes = false;  ///< what the tables do; what they should do is the opposite
  std::string judge;    ///< who says so: "policy", "objects", "tables as they should be"
  std::string trace;    ///< how the tables come to it, a line for each rule that decided

  friend bool operator==(const WrongVerdict&, const WrongVerdict&) = default;
};

struct SelfCheckReport {
  std::uint64_t seed = 0;           ///< of the samples
  nft::Differences differences;     ///< of the objects in the tables
  std::size_t flows = 0;            ///< that were sampled
  std::size_t wrong_flows = 0;      ///< of these, with a wrong verdict
  std::vector<WrongVerdict> wrong;  ///< the first few of them

  /// Objects that differ and flows with a wrong verdict, together; 0: all is as it should be.
  [[nodiscard]] std::size_t divergent() const;
};

struct SelfCheckOptions {
  std::uint64_t seed = 1;   ///< of the samples: the same one gives the same flows
  std::size_t flows = 512;  ///< how many are sampled, half of them at the edges of what is allowed
  /// The tables may deny what policy allows, since parts that the kernel refuses are left out in their closed form, or
  /// objects are missing that last isolated something. What policy denies must not pass in any case.
  bool tightens_more = false;
};

/// Compares tables that were read back (`have`) with those that should be there (`want`): object by object, and by
/// packets of sampled flows between known addresses, which the tables must treat as the compiler's records say
/// (policy::allows), and these as the objects say, which are evaluated anew for a part of the flows. The compiler's
/// `update` must have been called since its last `apply`. Pure; milliseconds where tables hold 10,000 pods.
[[nodiscard]] SelfCheckReport self_check(const nft::Ruleset& have, const nft::Ruleset& want,
                                         const policy::Snapshot& snapshot, const SelfCheckOptions& options = {});

/// "2 elements unexpected in inet selvage: pods4 { 10.0.0.1 }, ...": a line for each kind of difference and for each
/// wrong verdict that is named, and how many of these there are and with which seed; empty where all is right.
[[nodiscard]] std::vector<std::string> lines_of(const SelfCheckReport& report);
/// Logs each of them as an error; debug where there is none.
void log_self_check(const SelfCheckReport& report);
/// One JSON object on one line: {"divergent":0,"seed":1,"flows":512,"wrong_flows":0,"differences":[...],"wrong":[...]}.
[[nodiscard]] std::string to_json(const SelfCheckReport& report);

}  // namespace selvage::controller

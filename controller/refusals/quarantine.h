#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/backoff.h"
#include "base/clock.h"
#include "controller/tables/fallback.h"
#include "nft/plan/commit_result.h"

namespace selvage::controller {

/// A part that the kernel refuses and that is omitted meanwhile; for logs, metrics and health.
struct Quarantined {
  nft::PlanPart part;   ///< as in OmittedParts
  std::string object;   ///< the pod, policies or peers concerned; empty if unknown
  std::string text;     ///< "element inet selvage any-in-ports4 { 10.244.1.12 . tcp . 80 }"
  std::string instead;  ///< the effect of omitting it
  int code = 0;         ///< errno of the last refusal
  Moment since{};
  unsigned tries = 0;  ///< failed retries
};

/// How to go on after a refused plan.
enum class Blame {
  nobody,  ///< transient, or nothing can be omitted: wait
  later,   ///< a part is suspected, but another program may just have changed the tables: wait
  again,   ///< read the tables back and retry at once
  search,  ///< the same error twice without a part that could be omitted, or too many parts: search
};

/// The parts of the desired tables that the kernel itself refuses. A part is held when it was refused with the same
/// errno in two consecutive plans made from readings; transient errors (memory, lost answers, interruptions) never
/// count. Each part is retried after a second, doubling up to five minutes, and whenever it is wanted differently. Logs
/// each part once when it is held (error) and released (info), at most 20 of them. Not thread-safe.
class Quarantine {
 public:
  /// With this many held parts, refusals are searched for by sets and chains instead of single parts.
  static constexpr std::size_t kMax = 100;

  /// Judges the refusal of a plan that was made from a reading and leads to `want` without the held parts.
  [[nodiscard]] Blame blame(const nft::CommitError& error, const nft::Ruleset& want, Moment now);
  /// A plan was accepted: clears suspicions.
  void taken() { suspects_.clear(); }
  /// Holds the part unconditionally.
  void hold(const nft::PlanPart& part, int code, const nft::Ruleset& want, Moment now);

  /// Compares the held parts with the desired tables and those that were read back: drops parts that are no longer
  /// wanted, releases parts that exist (the answer was lost), and makes parts due that are wanted differently.
  void refresh(const nft::Ruleset& want, const nft::Ruleset& have, Moment now);
  /// The parts to be retried.
  [[nodiscard]] OmittedParts due_parts(Moment now) const;
  /// When the next retry is due.
  [[nodiscard]] std::optional<Moment> due() const;
  /// Their retry failed.
  void put_off(const OmittedParts& parts, Moment now);
  /// The kernel accepted them.
  void release(const OmittedParts& parts);

  [[nodiscard]] bool empty() const { return held_.empty(); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  [[nodiscard]] OmittedParts parts() const;
  [[nodiscard]] std::vector<Quarantined> list() const;

 private:
  struct Held {
    Quarantined what;
    nft::Ruleset asked;  ///< excerpt of the desired tables
    Backoff backoff;
    Moment due;
    bool named = true;  ///< in the log
  };
  using Suspects = std::map<std::pair<std::optional<nft::PlanPart>, int>, Moment>;
  [[nodiscard]] bool suspected(const std::optional<nft::PlanPart>& part, int code, Moment now) const;

  std::map<nft::PlanPart, Held> held_;
  Suspects suspects_;  ///< of the last refusal, with the time of the first; without a part: none that could be omitted
};

/// Whether an errno is transient: it says nothing about the plan, so that a retry may succeed.
[[nodiscard]] bool is_passing(int code);

}  // namespace selvage::controller

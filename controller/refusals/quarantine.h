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

/// A part that the kernel refuses and that is left out meanwhile; for logs, metrics and health.
struct Quarantined {
  nft::PlanPart part;   ///< as OmittedParts has it
  std::string object;   ///< whom it is about, as people know it: pod, policies, peers; empty where nobody says
  std::string text;     ///< "element inet selvage any-in-ports4 { 10.244.1.12 . tcp . 80 }"
  std::string instead;  ///< what holds without it
  int code = 0;         ///< errno of the last refusal
  Moment since{};
  unsigned tries = 0;  ///< how often it was tried again in vain
};

/// What to do about a refused plan.
enum class Blame {
  nobody,  ///< it passes, or nothing can be left out for it: wait
  later,   ///< somebody is suspected, but the tables may just have been changed by others: wait
  again,   ///< read the tables back and try again, at once
  search,  ///< twice the same and nobody who could be left out is named, or too many are: search
};

/// The parts of the wanted tables that the kernel refuses for their own sake. A part is blamed when it was refused with
/// the same errno in two plans that were made from readings, one after the other; what passes (memory, lost
/// answers, interruptions) never counts. Each part is due to be tried again a second later, doubling up to five
/// minutes, and when what is asked for changes. Logs who comes (error) and goes (info), once, of many the first. Not
/// thread-safe.
class Quarantine {
 public:
  /// From so many on single parts are not blamed any more, but searched for by sets and chains.
  static constexpr std::size_t kMax = 100;

  /// Judges a refusal of a plan made from a reading, towards `want` without the parts that are held.
  [[nodiscard]] Blame blame(const nft::CommitError& error, const nft::Ruleset& want, Moment now);
  /// Says that a plan was taken: suspicions end.
  void taken() { suspects_.clear(); }
  /// Holds the part without more ado.
  void hold(const nft::PlanPart& part, int code, const nft::Ruleset& want, Moment now);

  /// Compares with what is wanted now and with what was read back: forgets parts that are not wanted any more, lets
  /// those go that are there (the answer was lost), and makes those due that are wanted otherwise.
  void refresh(const nft::Ruleset& want, const nft::Ruleset& have, Moment now);
  /// The parts that are to be tried again.
  [[nodiscard]] OmittedParts due_parts(Moment now) const;
  /// When the next one is.
  [[nodiscard]] std::optional<Moment> due() const;
  /// Says that they were tried in vain.
  void put_off(const OmittedParts& parts, Moment now);
  /// Says that the kernel took them.
  void release(const OmittedParts& parts);

  [[nodiscard]] bool empty() const { return held_.empty(); }
  [[nodiscard]] std::size_t size() const { return held_.size(); }
  [[nodiscard]] OmittedParts parts() const;
  [[nodiscard]] std::vector<Quarantined> list() const;

 private:
  struct Held {
    Quarantined what;
    nft::Ruleset asked;  ///< excerpt of what is wanted
    Backoff backoff;
    Moment due;
    bool named = true;  ///< in the log
  };
  using Suspects = std::map<std::pair<std::optional<nft::PlanPart>, int>, Moment>;
  [[nodiscard]] bool suspected(const std::optional<nft::PlanPart>& part, int code, Moment now) const;

  std::map<nft::PlanPart, Held> held_;
  Suspects
      suspects_;  ///< of the last refusal, with the time of the first; without a part: nobody who could be left out
};

/// Whether an errno says nothing about what was asked for: tried again until it passes.
[[nodiscard]] bool is_passing(int code);

}  // namespace selvage::controller

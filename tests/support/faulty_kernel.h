#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "nft/plan/kernel.h"

namespace selvage::testing {

/// A faulty kernel over the fake or the real one: refuses chosen parts of plans, and fails independently of them.
/// Random faults depend only on the seed and the order of the calls.
class FaultyKernel : public nft::Kernel {
 public:
  static constexpr std::size_t kAlways = std::numeric_limits<std::size_t>::max();
  using Matches = std::function<bool(const nft::PlanPart&)>;

  /// `inner` must outlive this object.
  explicit FaultyKernel(nft::Kernel& inner, std::uint64_t seed = 1) : inner_(inner), random_(seed) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override;
  nft::CommitResult commit(const nft::Plan& plan) override;

  /// Refuses parts that match with this errno, in the next `times` commits that have one. As in the kernel, such a plan
  /// changes nothing, and the error has all refused parts, one for each list of elements.
  void refuse(Matches matches, int code, std::size_t times = kAlways);
  /// The next `times` commits of plans that are not empty fail as a whole and change nothing.
  void fail_commits(int code, std::size_t times = kAlways) { failed_commits_ = {code, times}; }
  /// The next `times` commits take place, but their answer is lost (ENOBUFS).
  void lose_answers(std::size_t times = kAlways) { lost_answers_ = times; }
  /// The next `times` reads fail.
  void fail_reads(int code, std::size_t times = kAlways) { failed_reads_ = {code, times}; }
  /// Random calls fail: reads with EINTR or EAGAIN, commits with EINTR, ENOMEM or ENOBUFS; half of the latter take
  /// place.
  void set_fault_rate(unsigned percent) { fault_rate_ = percent; }
  /// Ends all faults.
  void heal();

  /// Reads and commits (of plans that are not empty) so far, failed ones included.
  [[nodiscard]] std::size_t reads() const { return reads_; }
  [[nodiscard]] std::size_t commits() const { return commits_; }
  /// Commits that were refused for a part, or failed.
  [[nodiscard]] std::size_t faults() const { return faults_; }

 private:
  struct Refusal {
    Matches matches;
    int code;
    std::size_t left;
  };
  struct Failure {
    int code = 0;
    std::size_t left = 0;
  };
  [[nodiscard]] bool by_chance();
  /// The errno of the refusal that matches the part, 0 for none; marks it in `met`.
  [[nodiscard]] int met_by(const nft::PlanPart& part, std::vector<bool>& met) const;
  [[nodiscard]] std::vector<nft::RefusedPart> refused_parts(const nft::Plan& plan);
  nft::CommitResult fail_with(int code);

  nft::Kernel& inner_;
  std::mt19937_64 random_;
  std::vector<Refusal> refusals_;
  Failure failed_commits_;
  Failure failed_reads_;
  std::size_t lost_answers_ = 0;
  unsigned fault_rate_ = 0;
  std::size_t reads_ = 0;
  std::size_t commits_ = 0;
  std::size_t faults_ = 0;
};

/// The part is an element to be added to the set, with a key that starts with `key_begins`.
[[nodiscard]] FaultyKernel::Matches added_element(std::string set, std::string key_begins = {});
/// The part is of this kind, is to be added, and its name starts with `name_begins`.
[[nodiscard]] FaultyKernel::Matches added_part(nft::PlanPart::Kind kind, std::string name_begins);

}  // namespace selvage::testing

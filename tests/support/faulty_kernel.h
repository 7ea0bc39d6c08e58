#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "nft/plan/kernel.h"

namespace selvage::testing {

/// A kernel in trouble, over the fake one or the real one: it refuses certain parts of plans, and fails
/// for no reason of theirs. All that it does by chance follows from the seed and the order of the calls.
class FaultyKernel : public nft::Kernel {
 public:
  static constexpr std::size_t kAlways = std::numeric_limits<std::size_t>::max();
  using Matches = std::function<bool(const nft::PlanPart&)>;

  /// `inner` must outlive this object.
  explicit FaultyKernel(nft::Kernel& inner, std::uint64_t seed = 1) : inner_(inner), random_(seed) {}

  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override;
  nft::CommitResult commit(const nft::Plan& plan) override;

  /// From now on parts that match are refused with this errno, in that many commits that hold one. As the
  /// kernel does: nothing of such a plan is done, all refused parts are told, of each list of elements one.
  void refuse(Matches matches, int code, std::size_t times = kAlways);
  /// The next so many commits of plans that are not empty fail as a whole; nothing is done.
  void fail_commits(int code, std::size_t times = kAlways) { failed_commits_ = {code, times}; }
  /// The next so many commits take place, and their answer is lost (ENOBUFS).
  void lose_answers(std::size_t times = kAlways) { lost_answers_ = times; }
  /// The next so many readings fail.
  void fail_reads(int code, std::size_t times = kAlways) { failed_reads_ = {code, times}; }
  /// So many of a hundred calls fail by chance: readings with EINTR or EAGAIN, commits with EINTR, ENOMEM or
  /// ENOBUFS, and of the latter half have taken place.
  void set_error(unsigned percent) { last_error_ = percent; }
  /// No more of all that.
  void heal();

  /// Readings and commits (of plans that are not empty) so far, failed ones included.
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
  /// The errno of the refusal that the part meets, 0 for none; notes which was met.
  [[nodiscard]] int met_by(const nft::PlanPart& part, std::vector<bool>& met) const;
  [[nodiscard]] std::vector<nft::RefusedPart> refused_parts(const nft::Plan& plan);
  nft::CommitResult fail_with(int code);

  nft::Kernel& inner_;
  std::mt19937_64 random_;
  std::vector<Refusal> refusals_;
  Failure failed_commits_;
  Failure failed_reads_;
  std::size_t lost_answers_ = 0;
  unsigned last_error_ = 0;
  std::size_t reads_ = 0;
  std::size_t commits_ = 0;
  std::size_t faults_ = 0;
};

/// The part is an element to be added to the set, with a key that begins so.
[[nodiscard]] FaultyKernel::Matches added_element(std::string set, std::string key_begins = {});
/// The part is of this kind, is to be added, and its name begins so.
[[nodiscard]] FaultyKernel::Matches added_part(nft::PlanPart::Kind kind, std::string name_begins);

}  // namespace selvage::testing

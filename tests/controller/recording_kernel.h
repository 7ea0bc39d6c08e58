#pragma once

#include <cerrno>
#include <cstddef>
#include <vector>

#include "tests/support/fake_kernel.h"

namespace selvage::testing {

/// The number of transactions that create the tables: contents, base chains.
inline constexpr std::size_t kCreation = 2;
/// The number of those that replace them, with a stand-in that comes and goes.
inline constexpr std::size_t kReplacement = 5;

/// A FakeKernel that records plans and can fail for as long as a test wants.
class RecordingKernel : public nft::Kernel {
 public:
  Result<nft::Ruleset> read(std::span<const nft::TableKey> tables) override {
    ++reads;
    if (refuse_reads) return fail_errno("read", EAGAIN);
    return fake.read(tables);
  }
  nft::CommitResult commit(const nft::Plan& plan) override {
    if (refuse_commits && !plan.empty()) return fail_errno("commit", ENOMEM);
    auto done = fake.commit(plan);
    if (done && !plan.empty()) plans.push_back(plan);
    if (lose_answers && !plan.empty()) return fail_errno("commit", ENOBUFS);
    return done;
  }

  nft::FakeKernel fake;
  std::vector<nft::Plan> plans;  ///< carried out, empty ones left out
  int reads = 0;
  bool refuse_reads = false;
  bool refuse_commits = false;
  bool lose_answers = false;  ///< transactions that are carried out look as if they were not
};

}  // namespace selvage::testing

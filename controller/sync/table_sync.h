#pragma once

#include <functional>
#include <optional>

#include "base/backoff.h"
#include "base/clock.h"
#include "base/result.h"
#include "nft/plan/commit_result.h"

namespace selvage::controller {

/// When tables that are committed together are brought up to date, and whether by what changed or from a reading. The
/// one state machine for every such group of tables; it knows neither kernel nor policy.
///
///            changed                    committed
///     idle ──────────▶ pending, changes ──────────▶ idle
///       │                   │ failed                 ▲
///       │ distrust,         ▼         committed      │
///       └──────────▶ pending, whole ─────────────────┘
///     invalidate            ▲ │ failed: again after 0.1 s, doubling up to 30 s
///                           └─┘
///
/// Not thread-safe.
class TableSync {
 public:
  enum class Scope : std::uint8_t {
    whole,    ///< read the tables back and commit the difference to the desired ones
    changes,  ///< commit what changed since the last sync
  };
  using Attempt = std::function<tl::expected<void, nft::CommitError>(Scope scope)>;

  /// Pending and whole: the tables of a predecessor may be there.
  TableSync();

  /// There is something to commit.
  void changed() { pending_ = true; }
  /// The next sync compares everything with the tables in the kernel.
  void invalidate();
  /// Others touched the tables: the next sync, due at once, reads them back. If they are touched again less than a
  /// second after a repair, the delay between repairs doubles from 10 ms to a second, so that two programs that undo
  /// each other's changes do not use up the CPU. A sync that is already due is not delayed.
  void distrust(Moment now);
  /// While true each sync is whole.
  void set_always_whole(bool always) { always_whole_ = always; }

  /// Lets `attempt` commit. Call it while `pending`, or to read the tables again. If the kernel refuses the contents of
  /// an incremental plan, a whole attempt follows at once. After an error the sync stays pending and
  /// is due again later: after at most a second where the tables belong to another program (EPERM).
  Result<void> run(Moment now, const Attempt& attempt);
  /// A failed attempt got further than the last one: the retry delays restart.
  void progressed() { progressed_ = true; }

  /// Whether there are changes that no sync has committed.
  [[nodiscard]] bool pending() const { return pending_; }
  /// When a pending sync should be tried again; none: at once.
  [[nodiscard]] std::optional<Moment> retry() const { return retry_; }
  /// Whether others touched the tables and no sync has repaired them since.
  [[nodiscard]] bool distrusted() const { return distrusted_; }

 private:
  Backoff backoff_;
  Backoff quarrel_;
  bool whole_ = true;  ///< the kernel's tables are not known, or may be wrong
  bool always_whole_ = false;
  bool pending_ = true;
  bool progressed_ = false;
  bool distrusted_ = false;
  std::optional<Moment> retry_;
  std::optional<Moment> repaired_;  ///< the last sync after others touched the tables
};

/// Whether the plan itself may be the cause of an error, so that waiting alone does not help.
[[nodiscard]] bool plan_may_be_refused(const Error& error);

}  // namespace selvage::controller

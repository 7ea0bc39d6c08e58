#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/token_bucket.h"
#include "controller/denials/denial.h"

namespace selvage::controller {

struct DenialLogOptions {
  std::size_t most_flows = 4096;               ///< that are remembered; the one seen longest ago is forgotten first
  std::chrono::seconds first_window{10};       ///< after a flow's first line, until its repetitions are told
  std::chrono::seconds window{60};             ///< from then on
  unsigned lines_per_second = 10;              ///< in the long run
  unsigned burst = 50;                         ///< lines at once
  policy::Mode mode = policy::Mode::enforced;  ///< of the policies that lines are about
};

/// Folds denied packets by flow (both addresses, protocol, destination port and direction; not the source port), so
/// that the log tells of each flow at once and then of its repetitions in sums:
///
///     first packet ──▶ a line ── 10 s ──▶ "37 times in 10 s" ── 60 s ──▶ "212 times in 60 s" ── quiet: forgotten
///
/// Lines are bounded in rate: a flow whose line would come too soon is told later with its sum, or, when it is
/// forgotten first, in a line every ten seconds that says how much is missing. So is the memory. Explanations are asked
/// for only for lines that are written. Not thread-safe.
class DenialLog {
 public:
  using Explain = std::function<policy::Explanation(policy::Direction direction, const policy::FlowKey& flow)>;
  using Write = std::function<void(const DenialLine& line)>;
  DenialLog(Explain explain, Write write, DenialLogOptions options = {});

  /// Takes a denial in, and writes its line where it is due at once. `now` never goes back, here and below.
  void note(const Denial& denial, Moment now);
  /// So many packets were logged and not read in time.
  void note_lost(std::size_t packets) { left_out_.lost += packets; }
  /// Writes what is due.
  void tick(Moment now);
  /// When `tick` should be called; never: it need not.
  [[nodiscard]] std::optional<Moment> due() const;

  /// Packets that were logged and that no line tells of, lost ones included, since the beginning.
  [[nodiscard]] std::uint64_t untold_packets() const { return untold_packets_ + left_out_.packets + left_out_.lost; }
  /// Flows that are remembered.
  [[nodiscard]] std::size_t flows() const { return flows_.size(); }

 private:
  using Key = std::pair<policy::Direction, policy::FlowKey>;
  struct KeyLess {
    bool operator()(const Key& a, const Key& b) const;
  };
  using Recent = std::list<const Key*>;
  using Due = std::multimap<Moment, const Key*>;
  struct Flow {
    DenialCount untold;  ///< `packets` may be 0
    Moment since;        ///< the last line, or the first packet where there was none
    bool told = false;
    Recent::iterator recent;
    Due::iterator due;
  };

  using Flows = std::map<Key, Flow, KeyLess>;

  Flows::iterator remember(const Key& key, Moment now);
  void forget(const Key& key);
  void tell(Flows::iterator flow, Moment now);
  void tell_left_out(Moment now);

  Explain explain_;
  Write write_;
  DenialLogOptions options_;
  TokenBucket lines_;
  Flows flows_;
  Recent recent_;                   ///< keys in `flows_`, the last seen first
  Due due_;                         ///< likewise
  bool waiting_for_token_ = false;  ///< what is due first waits for `lines_`
  LeftOut left_out_;
  std::uint64_t untold_packets_ = 0;  ///< without those in left_out_
  Moment left_out_due_;               ///< when the next line about it may come
};

/// Writes a line to the process' log (log.h).
void write_to_log(const DenialLine& line);

}  // namespace selvage::controller

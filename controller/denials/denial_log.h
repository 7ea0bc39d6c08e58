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
  std::size_t max_flows = 4096;                ///< that are remembered; the least recently seen one is forgotten first
  std::chrono::seconds first_window{10};       ///< from a flow's first line to the sum of its repetitions
  std::chrono::seconds window{60};             ///< between later sums
  unsigned lines_per_second = 10;              ///< in the long run
  unsigned burst = 50;                         ///< lines at once
  policy::Mode mode = policy::Mode::enforced;  ///< of the denying policies
};

/// Aggregates denied packets by flow (both addresses, protocol, destination port and direction; not the source port): a
/// flow's first packet is logged at once, repetitions as sums:
///
///     first packet ──▶ a line ── 10 s ──▶ "37 times in 10 s" ── 60 s ──▶ "212 times in 60 s" ── quiet: forgotten
///
/// The rate of lines is bounded: a flow beyond it is logged later with its sum or, if it is forgotten before that,
/// counted in a line every ten seconds. Memory is bounded, too. Explanations are computed only for lines that are
/// written. Not thread-safe.
class DenialLog {
 public:
  using Explain = std::function<policy::Explanation(policy::Direction direction, const policy::FlowKey& flow)>;
  using Write = std::function<void(const DenialLine& line)>;
  DenialLog(Explain explain, Write write, DenialLogOptions options = {});

  /// Takes in a denial, and writes its line if it is due. `now` must not decrease, here and below.
  void note(const Denial& denial, Moment now);
  /// The kernel logged packets that were not read in time.
  void note_lost(std::size_t packets) { unreported_.lost += packets; }
  /// Writes what is due.
  void tick(Moment now);
  /// When to call `tick`; nothing: not needed.
  [[nodiscard]] std::optional<Moment> due() const;

  /// Packets without a line since the start, lost ones included.
  [[nodiscard]] std::uint64_t unreported_packets() const {
    return unreported_packets_ + unreported_.packets + unreported_.lost;
  }
  /// The number of remembered flows.
  [[nodiscard]] std::size_t flows() const { return flows_.size(); }

 private:
  using Key = std::pair<policy::Direction, policy::FlowKey>;
  struct KeyLess {
    bool operator()(const Key& a, const Key& b) const;
  };
  using Recent = std::list<const Key*>;
  using Due = std::multimap<Moment, const Key*>;
  struct Flow {
    DenialCount pending;  ///< since the last line; `packets` may be 0
    Moment since;         ///< the last line, or else the first packet
    bool logged = false;
    Recent::iterator recent;
    Due::iterator due;
  };

  using Flows = std::map<Key, Flow, KeyLess>;

  Flows::iterator remember(const Key& key, Moment now);
  void forget(const Key& key);
  void write_line(Flows::iterator flow, Moment now);
  void write_unreported(Moment now);

  Explain explain_;
  Write write_;
  DenialLogOptions options_;
  TokenBucket lines_;
  Flows flows_;
  Recent recent_;                   ///< keys in `flows_`, the most recently seen first
  Due due_;                         ///< likewise
  bool waiting_for_token_ = false;  ///< the first due flow waits for `lines_`
  Unreported unreported_;
  std::uint64_t unreported_packets_ = 0;  ///< without those in unreported_
  Moment unreported_due_;                 ///< the earliest time of the next line about them
};

/// Writes a line to the process' log (log.h).
void write_to_log(const DenialLine& line);

}  // namespace selvage::controller

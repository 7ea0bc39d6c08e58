#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/retry.h"
#include "controller/denials/denial_log.h"
#include "host/packet_log.h"
#include "policy/compile/snapshot.h"
#include "telemetry/metrics.h"

namespace selvage::controller {

/// Reads packets that the deny chains log to an NFLOG group, and writes them to the log. Denials by enforced and by
/// staged policies are aggregated separately, so that neither displaces the other. While another program has the group
/// (usually an agent that is about to end), it retries and logs that once. Not thread-safe.
class DeniedPackets {
 public:
  /// The current state; of staged policies nullptr without any.
  using Known = std::function<const policy::Snapshot&()>;
  using Staged = std::function<const policy::Snapshot*()>;

  /// `metrics` and what the functions refer to must outlive this object.
  DeniedPackets(std::uint16_t group, const Known& known, Staged staged, telemetry::Metrics& metrics);

  /// Readable when packets wait; -1 while the group is not open. For poll(2).
  [[nodiscard]] int fd() const { return log_ ? log_->fd() : -1; }
  /// Takes waiting packets, some hundred at most.
  void read(Moment now);
  /// When to call `tick`; nothing: not needed.
  [[nodiscard]] std::optional<Moment> due() const;
  /// Does what is due: opens the group, writes lines.
  void tick(Moment now);

 private:
  void open(Moment now);

  std::uint16_t group_;
  std::optional<host::PacketLog> log_;
  Retry retry_;
  DenialLog denials_;
  DenialLog staged_denials_;
  telemetry::Metrics& metrics_;
  std::uint64_t unreported_ = 0;  ///< already counted in the metrics
};

}  // namespace selvage::controller

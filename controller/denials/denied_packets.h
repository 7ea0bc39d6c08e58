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

/// Reads what the deny chains log to an NFLOG group, and tells of it in the log: what was denied, and apart from it, so
/// that neither pushes the other out, what staged policies would deny. While another program reads the group
/// (an agent that is about to end, as a rule) it waits for it, and says so once. Not thread-safe.
class DeniedPackets {
 public:
  /// What is known now; of what is staged nullptr where nothing is.
  using Known = std::function<const policy::Snapshot&()>;
  using Staged = std::function<const policy::Snapshot*()>;

  /// `metrics` and what the functions refer to must outlive this object.
  DeniedPackets(std::uint16_t group, Known known, Staged staged, telemetry::Metrics& metrics);

  /// Readable when packets wait; -1 while the group cannot be read. For poll(2).
  [[nodiscard]] int fd() const { return log_ ? log_->fd() : -1; }
  /// Takes what waits, some hundred packets at most.
  void read(Moment now);
  /// When `tick` should be called; never: it need not.
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
  std::uint64_t untold_ = 0;  ///< as the metrics know it
};

}  // namespace selvage::controller

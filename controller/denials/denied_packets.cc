#include "controller/denials/denied_packets.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "base/deadline.h"
#include "controller/node/pod_networks.h"
#include "policy/explain/explain.h"

namespace selvage::controller {

namespace {

/// Explains a flow by the staged policies, with ends from all objects.
policy::Explanation explain_staged(const policy::Snapshot& all, const policy::Snapshot* staged,
                                   policy::Direction direction, const policy::FlowKey& flow) {
  policy::Explanation explanation =
      policy::explain(staged == nullptr ? all : *staged, kFlannelNetworks, direction, flow);
  explanation.source = policy::find_end(all, kFlannelNetworks, flow.source);
  explanation.destination = policy::find_end(all, kFlannelNetworks, flow.destination);
  return explanation;
}

DenialLogOptions staged_options() {
  DenialLogOptions options;
  options.mode = policy::Mode::staged;
  return options;
}

}  // namespace

DeniedPackets::DeniedPackets(std::uint16_t group, const Known& known, Staged staged, telemetry::Metrics& metrics)
    : group_(group),
      denials_(
          [known](policy::Direction direction, const policy::FlowKey& flow) {
            return policy::explain(known(), kFlannelNetworks, direction, flow);
          },
          write_to_log),
      staged_denials_(
          [known, staged = std::move(staged)](policy::Direction direction, const policy::FlowKey& flow) {
            return explain_staged(known(), staged(), direction, flow);
          },
          write_to_log, staged_options()),
      metrics_(metrics) {}

void DeniedPackets::open(Moment now) {
  auto log = host::PacketLog::open(group_);
  if (log) {
    if (retry_.succeeded()) spdlog::info("denied packets are logged again: NFLOG group {} is free", group_);
    log_.emplace(std::move(*log));
  } else if (retry_.failed(now)) {
    spdlog::warn("denied packets are dropped but not logged, retrying: {}; --log-denied-group selects another group",
                 log.error().message);
  }
}

void DeniedPackets::read(Moment now) {
  if (!log_) return;
  const auto taken = log_->take([&](const host::LoggedPacket& packet) {
    const auto denial = denial_of(packet);
    if (!denial) return;
    DenialLog& log = denial->mode == policy::Mode::staged ? staged_denials_ : denials_;
    log.note(*denial, now);
  });
  denials_.note_lost(taken.lost);
}

std::optional<Moment> DeniedPackets::due() const {
  return earlier(retry_.due(), earlier(denials_.due(), staged_denials_.due()));
}

void DeniedPackets::tick(Moment now) {
  if (const auto retry = retry_.due(); retry && *retry <= now) open(now);
  denials_.tick(now);
  staged_denials_.tick(now);
  const std::uint64_t unreported = denials_.unreported_packets() + staged_denials_.unreported_packets();
  metrics_.count_denied_log_dropped(unreported - std::exchange(unreported_, unreported));
}

}  // namespace selvage::controller

#include "controller/denied_packets.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "policy/explain.h"

namespace selvage::controller {

DeniedPackets::DeniedPackets(std::uint16_t group, const policy::Compiler& compiler, telemetry::Metrics& metrics)
    : group_(group),
      denials_([&compiler](policy::Direction direction,
                           const policy::FlowKey& flow) { return policy::explain(compiler, direction, flow); },
               write_to_log),
      metrics_(metrics) {}

void DeniedPackets::open(Moment now) {
  auto log = nft::PacketLog::open(group_);
  if (log) {
    if (retry_.succeeded()) spdlog::info("denied packets are told again: NFLOG group {} is free", group_);
    log_.emplace(std::move(*log));
  } else if (retry_.failed(now)) {
    spdlog::warn("denied packets are dropped, but not told for now: {}; --log-denied-group takes another number",
                 log.error().message);
  }
}

void DeniedPackets::read(Moment now) {
  if (!log_) return;
  const auto taken = log_->take([&](const nft::LoggedPacket& packet) {
    if (const auto denial = denial_of(packet)) denials_.note(*denial, now);
  });
  denials_.note_lost(taken.lost);
}

std::optional<Moment> DeniedPackets::due() const {
  const auto line = denials_.due();
  const auto retry = retry_.due();
  return retry && (!line || *retry < *line) ? retry : line;
}

void DeniedPackets::tick(Moment now) {
  if (const auto retry = retry_.due(); retry && *retry <= now) open(now);
  denials_.tick(now);
  const std::uint64_t untold = denials_.untold_packets();
  metrics_.count_denied_log_dropped(untold - std::exchange(untold_, untold));
}

}  // namespace selvage::controller

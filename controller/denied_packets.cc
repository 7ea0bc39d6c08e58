#include "controller/denied_packets.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "policy/explain.h"

namespace selvage::controller {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstRetry = 250ms;
constexpr auto kLongestRetry = 5s;

}  // namespace

DeniedPackets::DeniedPackets(std::uint16_t group, const policy::Compiler& compiler)
    : group_(group),
      retry_(Moment()),
      backoff_(kFirstRetry, kLongestRetry),
      denials_([&compiler](policy::Direction direction,
                           const policy::FlowKey& flow) { return policy::explain(compiler, direction, flow); },
               write_to_log) {}

void DeniedPackets::open(Moment now) {
  auto log = nft::PacketLog::open(group_);
  if (log) {
    if (told_) spdlog::info("denied packets are told again: NFLOG group {} is free", group_);
    log_.emplace(std::move(*log));
    retry_.reset();
    return;
  }
  if (!std::exchange(told_, true)) {
    spdlog::warn("denied packets are dropped, but not told for now: {}; --log-denied-group takes another number",
                 log.error().message);
  }
  retry_ = now + backoff_.fail();
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
  return retry_ && (!line || *retry_ < *line) ? retry_ : line;
}

void DeniedPackets::tick(Moment now) {
  if (retry_ && *retry_ <= now) open(now);
  denials_.tick(now);
}

}  // namespace selvage::controller

#include "controller/denials/denial_log.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "controller/output/log.h"

namespace selvage::controller {
namespace {

constexpr std::chrono::seconds kUnreportedWindow{10};

void count(const Denial& denial, DenialCount& pending) {
  if (pending.packets++ == 0) {
    pending.source_port = denial.source_port;
    pending.first = denial.when;
  }
  pending.last = denial.when;
}

}  // namespace

bool DenialLog::KeyLess::operator()(const Key& a, const Key& b) const {
  const auto fields = [](const Key& key) {
    const policy::FlowKey& flow = key.second;
    return std::tie(key.first, flow.source, flow.destination, flow.protocol, flow.destination_port);
  };
  return fields(a) < fields(b);
}

DenialLog::DenialLog(Explain explain, Write write, DenialLogOptions options)
    : explain_(std::move(explain)),
      write_(std::move(write)),
      options_(options),
      lines_(options.lines_per_second, options.burst) {}

void DenialLog::note(const Denial& denial, Moment now) {
  const Key key{denial.direction, denial.flow};
  auto flow = flows_.find(key);
  const bool known = flow != flows_.end();
  if (!known) flow = remember(key, now);
  recent_.splice(recent_.begin(), recent_, flow->second.recent);
  count(denial, flow->second.pending);
  // Flows that wait for a token come first.
  if (!known && !waiting_for_token_ && lines_.take(now)) write_line(flow, now);
}

DenialLog::Flows::iterator DenialLog::remember(const Key& key, Moment now) {
  if (flows_.size() >= options_.max_flows) forget(*recent_.back());
  const auto flow = flows_.emplace(key, Flow{}).first;
  flow->second.pending.packets = 0;
  flow->second.since = now;
  flow->second.recent = recent_.insert(recent_.begin(), &flow->first);
  flow->second.due = due_.emplace(now + options_.first_window, &flow->first);
  return flow;
}

void DenialLog::forget(const Key& key) {
  const auto flow = flows_.find(key);
  const std::uint64_t packets = flow->second.pending.packets;
  unreported_.packets += packets;
  unreported_.flows += packets > 0 ? 1 : 0;
  recent_.erase(flow->second.recent);
  due_.erase(flow->second.due);
  flows_.erase(flow);
}

void DenialLog::write_line(Flows::iterator flow, Moment now) {
  Flow& entry = flow->second;
  const bool first = !entry.logged && entry.since == now;
  if (!first) entry.pending.span = std::chrono::ceil<std::chrono::seconds>(now - entry.since);
  write_(denial_line(explain_(flow->first.first, flow->first.second), entry.pending, options_.mode));
  entry.pending = DenialCount{0, {}, {}, {}, {}};
  entry.since = now;
  due_.erase(entry.due);
  entry.due = due_.emplace(now + (entry.logged ? options_.window : options_.first_window), &flow->first);
  entry.logged = true;
}

void DenialLog::tick(Moment now) {
  waiting_for_token_ = false;
  while (!due_.empty() && due_.begin()->first <= now && !waiting_for_token_) {
    const auto flow = flows_.find(*due_.begin()->second);
    if (flow->second.pending.packets == 0) {
      forget(flow->first);
    } else if (lines_.take(now)) {
      write_line(flow, now);
    } else {
      waiting_for_token_ = true;
    }
  }
  if (unreported_.any() && unreported_due_ <= now) write_unreported(now);
}

void DenialLog::write_unreported(Moment now) {
  unreported_packets_ += unreported_.packets + unreported_.lost;
  write_(unreported_line(std::exchange(unreported_, {}), options_.mode));
  unreported_due_ = now + kUnreportedWindow;
}

std::optional<Moment> DenialLog::due() const {
  std::optional<Moment> first;
  if (!due_.empty()) first = waiting_for_token_ ? std::max(due_.begin()->first, lines_.next()) : due_.begin()->first;
  if (unreported_.any()) first = first ? std::min(*first, unreported_due_) : unreported_due_;
  return first;
}

void write_to_log(const DenialLine& line) { log_info(line.message, line.members); }

}  // namespace selvage::controller

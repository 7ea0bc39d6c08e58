#include "timeline.h"

#include "tests/support/reference_oracle.h"

namespace selvage::soak {
namespace {

/// Packets are never checked after this time.
constexpr std::chrono::seconds kMemory{30};

/// Whether the node drops what has this address at its end on the pod bridge: sent from there, or (`ingress`) to there.
bool dropped_unknown(const Objects& objects, const Machine& machine, const IpAddress& address, bool ingress) {
  return machine.node == kNodeNumber && testing::isolates_some_pod(objects, kNodeName, ingress) &&
         !testing::is_pod_of(objects, kNodeName, address);
}

}  // namespace

void Timeline::begin(States states, Excuse excuse) {
  const MutexLock lock(mutex_);
  const Moment now = Clock::now();
  epochs_.push_back({now, std::move(states), excuse, action_, {}});
  while (epochs_.size() > 1 && epochs_[1].begin < now - kMemory) epochs_.pop_front();
}

const Possible& Timeline::of(Epoch& epoch, const Tuple& tuple) const {
  const auto [found, fresh] = epoch.known.try_emplace(tuple, Possible{epoch.excuse.opens, epoch.excuse.closes});
  Possible& possible = found->second;
  if (!fresh) return possible;
  for (const auto& state : epoch.states) {
    if (possible.pass && possible.drop) break;
    (judge_(*state, tuple) ? possible.pass : possible.drop) = true;
  }
  return possible;
}

Possible Timeline::possible(const Tuple& tuple, Moment sent, Moment seen) {
  const MutexLock lock(mutex_);
  Possible all;
  for (std::size_t i = 0; i < epochs_.size(); ++i) {
    const bool over = i + 1 < epochs_.size() && epochs_[i + 1].begin < sent;
    if (over || epochs_[i].begin > seen) continue;
    const Possible& here = of(epochs_[i], tuple);
    all = {all.pass || here.pass, all.drop || here.drop};
  }
  return all;
}

void Timeline::name(std::string action) {
  const MutexLock lock(mutex_);
  action_ = std::move(action);
}

std::string Timeline::describe(Moment sent, Moment seen) {
  const MutexLock lock(mutex_);
  const auto seconds = [](Clock::duration time) { return std::to_string(std::chrono::duration<double>(time).count()); };
  auto epoch = epochs_.rbegin();
  while (epoch + 1 != epochs_.rend() && epoch->begin > sent) ++epoch;
  return seconds(sent - epoch->begin) + " s after one of " + std::to_string(epoch->states.size()) +
         " states could be in force (" + epoch->action + "), seen " + seconds(seen - sent) +
         " s later, now: " + action_;
}

Timeline::Judge oracle_of(const Network& network) {
  return [&network](const Objects& objects, const Tuple& tuple) {
    const Machine& from = network.machines()[tuple.from];
    const Machine& to = network.machines()[tuple.to];
    const std::uint8_t protocol = tuple.transport == lab::Transport::tcp ? 6 : 17;
    const testing::FirstPacket packet{from.host->addresses.of(tuple.family), to.host->addresses.of(tuple.family),
                                      protocol, tuple.port};
    const auto closed = [&](bool reply) {
      return dropped_unknown(objects, from, packet.source, reply) ||
             dropped_unknown(objects, to, packet.destination, !reply);
    };
    if (tuple.part != Tuple::Part::policy && closed(false)) return false;
    if (tuple.part == Tuple::Part::both_ways && closed(true)) return false;
    return testing::ask_oracle(objects, kNodeName, packet).allowed;
  };
}

}  // namespace selvage::soak

#include "bench/api_latency/packet_stream.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <stdexcept>
#include <string>

namespace selvage::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 60s;
/// How long a verdict must last.
constexpr auto kLasting = 30ms;
/// Pause between reads; packets wait in the socket meanwhile.
constexpr auto kPause = 2ms;
/// Number of packets whose sending times are kept: more than are sent within kPatience.
constexpr std::size_t kRemembered = 1U << 21U;
/// All streams take source ports in sequence, since a connection that the kernel still tracks is not new.
constexpr std::uint16_t kFirstSourcePort = 10'000;
/// Bytes that may wait to be read: some seconds' packets, 768 each.
constexpr int kReceiveBuffer = 256 << 20;

UniqueFd udp_socket(const lab::Namespace& where, const lab::Endpoint& own) {
  Result<UniqueFd> fd = where.socket(AF_INET, SOCK_DGRAM);
  if (!fd) throw std::runtime_error(fd.error().message);
  const lab::SocketAddress address(own);
  if (bind(fd->get(), address.get(), address.size()) != 0)
    throw std::runtime_error("bind of a pod's UDP socket failed");
  return std::move(*fd);
}

/// Lets the calling thread run on time beside busy ones. If that is not permitted, the measured resolution shows it.
void be_punctual() {
  const sched_param priority{1};
  sched_setscheduler(0, SCHED_FIFO, &priority);
  prctl(PR_SET_TIMERSLACK, 1);
}

}  // namespace

PacketStream::PacketStream(const lab::Host& from, const lab::Host& to, std::uint16_t port,
                           std::chrono::microseconds interval)
    : from_(from),
      to_({to.addresses.v4, port}),
      interval_(interval),
      receiver_(udp_socket(to.space, {to.addresses.v4, port})),
      sender_(next_sender()),
      sent_(kRemembered) {
  setsockopt(receiver_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer);
  thread_ = std::thread([this] { send_packets(); });
}

PacketStream::~PacketStream() {
  stop_ = true;
  thread_.join();
}

void PacketStream::send_packets() {
  be_punctual();
  Moment next = Clock::now();
  for (std::uint64_t number = 0; !stop_; ++number) {
    {
      const MutexLock lock(mutex_);
      sendto(sender_.get(), &number, sizeof number, 0, to_.get(), to_.size());
    }
    sent_[number % kRemembered] = Clock::now().time_since_epoch().count();
    count_.store(number + 1, std::memory_order_release);
    // Late packets are not made up for: a burst would add no information.
    next = std::max(next + interval_, Clock::now());
    std::this_thread::sleep_until(next);
  }
}

UniqueFd PacketStream::next_sender() const {
  static std::uint16_t port = kFirstSourcePort;
  if (++port < kFirstSourcePort) port = kFirstSourcePort;
  return udp_socket(from_.space, {from_.addresses.v4, port});
}

void PacketStream::start_new_flow() {
  UniqueFd fresh = next_sender();
  const MutexLock lock(mutex_);
  std::swap(sender_, fresh);
}

void PacketStream::begin() {
  receive_packets();
  arrived_.clear();
  begin_ = count_.load(std::memory_order_acquire) + 1;  // one may be in flight
}

void PacketStream::receive_packets() {
  std::uint64_t number = 0;
  while (recv(receiver_.get(), &number, sizeof number, MSG_DONTWAIT) == sizeof number)
    if (number >= begin_) arrived_.push_back(number);
}

Moment PacketStream::sent_at(std::uint64_t number) const {
  return Moment(Clock::duration(sent_[number % kRemembered].load()));
}

Judged PacketStream::judged(std::uint64_t number) const {
  return {sent_at(number), sent_at(number) - sent_at(number - 1), 0};
}

Judged PacketStream::first_allowed() const {
  Judged first = judged(arrived_.front());
  first.strays = arrived_.back() - arrived_.front() + 1 - arrived_.size();
  return first;
}

Judged PacketStream::first_denied() const {
  if (arrived_.empty()) return judged(begin_);
  Judged first = judged(arrived_.back() + 1);
  first.strays = arrived_.back() - begin_ + 1 - arrived_.size();
  return first;
}

Judged PacketStream::await(bool allowed) {
  const Moment deadline = Clock::now() + kPatience;
  while (Clock::now() < deadline) {
    std::this_thread::sleep_for(kPause);
    // Counted first: every packet sent so far has arrived by the time that the socket is read, or never will.
    const std::uint64_t count = count_.load(std::memory_order_acquire);
    receive_packets();
    if (count <= begin_ + 1) continue;
    const Moment newest = sent_at(count - 1);
    if (allowed) {
      const bool some = !arrived_.empty() && arrived_.front() < count;
      if (some && newest - sent_at(arrived_.front()) >= kLasting) return first_allowed();
      continue;
    }
    const std::uint64_t first = arrived_.empty() ? begin_ : arrived_.back() + 1;
    if (first < count && newest - sent_at(first) >= kLasting) return first_denied();
  }
  throw std::runtime_error(std::string("packets are not ") + (allowed ? "allowed" : "denied") + " within a minute");
}

}  // namespace selvage::bench

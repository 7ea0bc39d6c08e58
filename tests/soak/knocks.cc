#include "knocks.h"

#include <netinet/in.h>
#include <poll.h>

#include <array>
#include <cstring>

#include "lab/frames.h"
#include "must.h"
#include "tests/support/random_values.h"

namespace selvage::soak {
namespace {

constexpr std::chrono::milliseconds kTurn{25};
constexpr int kKnocksPerTurn = 8;
/// A packet passes the node while it is being sent, or later: where the CPU has more to do, and where its sender has to
/// ask for an address first, which is repeated after a second.
constexpr std::chrono::milliseconds kUnderWay{2000};
/// Who has not arrived by now does not: an address that has to be asked for again takes a second.
constexpr std::chrono::seconds kGivenUp{3};
constexpr int kBuffer = 4 << 20;

}  // namespace

RawSender::RawSender(const lab::Host& host)
    : host_(host),
      v4_(must(host.space.socket(AF_INET, SOCK_RAW, IPPROTO_RAW))),
      v6_(must(host.space.socket(AF_INET6, SOCK_RAW, IPPROTO_RAW))) {}

bool RawSender::send(const lab::Endpoint& to, std::string_view payload) {
  port_ = port_ == 60000 ? 20000 : port_ + 1;
  const IpFamily family = to.address.family();
  const std::string packet = lab::udp_packet({host_.addresses.of(family), port_}, to, payload);
  const lab::SocketAddress address({to.address, 0});
  const UniqueFd& fd = family == IpFamily::v4 ? v4_ : v6_;
  return sendto(fd.get(), packet.data(), packet.size(), 0, address.get(), address.size()) > 0;
}

UniqueFd datagram_inbox(const lab::Host& host, std::uint16_t port) {
  UniqueFd fd = must(host.space.socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK));
  const int off = 0;
  setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kBuffer, sizeof kBuffer);
  const lab::SocketAddress any({IpAddress::zero(IpFamily::v6), port});
  if (bind(fd.get(), any.get(), any.size()) != 0) must(Result<void>(fail_errno("bind", errno)));
  return fd;
}

Knocks::Knocks(const Network& network, Timeline& timeline, Complaints& complaints, std::uint64_t seed)
    : network_(network),
      timeline_(timeline),
      complaints_(complaints),
      random_(seed),
      tuples_(network.tuples(lab::Transport::udp, {kPorts.begin(), kPorts.end()})) {
  for (const Machine& machine : network.machines()) {
    senders_.emplace_back(*machine.host);
    for (const std::uint16_t port : kPorts) inboxes_.push_back(datagram_inbox(*machine.host, port));
  }
  thread_ = std::thread([this] { loop(); });
}

Knocks::~Knocks() {
  done_ = true;
  thread_.join();
}

void Knocks::loop() {
  while (!done_) {
    for (int i = 0; i < kKnocksPerTurn; ++i) send_some();
    const Moment next = Clock::now() + kTurn;
    while (Clock::now() < next) receive();
    judge_silent();
  }
}

void Knocks::send_some() {
  const Tuple& tuple = testing::pick(random_, tuples_);
  const std::uint64_t id = first_ + open_.size();
  const std::string payload(reinterpret_cast<const char*>(&id), sizeof id);
  const lab::Endpoint to{network_.machines()[tuple.to].host->addresses.of(tuple.family), tuple.port};
  const Moment before = Clock::now();
  if (!senders_[tuple.from].send(to, payload)) return;
  ++sent_;
  open_.push_back({tuple, before, Clock::now()});
}

void Knocks::receive() {
  std::vector<pollfd> entries;
  for (const UniqueFd& inbox : inboxes_) entries.push_back({inbox.get(), POLLIN, 0});
  if (poll(entries.data(), entries.size(), 5) <= 0) return;
  for (const pollfd& entry : entries) {
    std::array<char, 64> buffer;
    std::uint64_t id = 0;
    while (entry.revents != 0 && recv(entry.fd, buffer.data(), buffer.size(), 0) == sizeof id) {
      std::memcpy(&id, buffer.data(), sizeof id);
      judge_arrival(id);
    }
  }
}

void Knocks::judge_arrival(std::uint64_t id) {
  if (id < first_ || id - first_ >= open_.size()) return;
  Knock& knock = open_[id - first_];
  knock.arrived = true;
  ++arrived_;
  const Moment now = Clock::now();
  if (timeline_.possible(knock.tuple, knock.before, now).pass) return;
  complaints_.add("arrived although no state of its time allows it: " + network_.describe(knock.tuple) + ", sent " +
                  timeline_.describe(knock.before, now));
}

void Knocks::judge_silent() {
  const Moment now = Clock::now();
  while (!open_.empty() && open_.front().after + kGivenUp < now) {
    const Knock& knock = open_.front();
    const Possible possible = timeline_.possible(knock.tuple, knock.before, knock.after + kUnderWay);
    if (!knock.arrived && !possible.drop)
      complaints_.add("did not arrive although all states of its time allow it: " + network_.describe(knock.tuple) +
                      ", sent " + timeline_.describe(knock.before, now));
    open_.pop_front();
    ++first_;
  }
}

}  // namespace selvage::soak

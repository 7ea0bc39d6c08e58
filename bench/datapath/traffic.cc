#include "bench/datapath/traffic.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "base/clock.h"
#include "bench/datapath/sockets.h"
#include "bench/durations.h"
#include "bench/need.h"
#include "bench/realtime.h"

namespace selvage::bench {
namespace {

constexpr int kBatch = 32;
constexpr std::size_t kPayload = 32;

/// Messages for sendmmsg and recvmmsg, all on one buffer.
class Batch {
 public:
  Batch() {
    for (mmsghdr& message : messages_) message.msg_hdr.msg_iov = &part_, message.msg_hdr.msg_iovlen = 1;
  }
  int send(int fd) { return sendmmsg(fd, messages_.data(), kBatch, 0); }
  int receive(int fd) { return recvmmsg(fd, messages_.data(), kBatch, MSG_DONTWAIT, nullptr); }

 private:
  std::array<char, kPayload> bytes_{};
  iovec part_{bytes_.data(), bytes_.size()};
  std::array<mmsghdr, kBatch> messages_{};
};

}  // namespace

const char* to_string(Work work) {
  switch (work) {
    case Work::udp_judged:
      return "udp_judged";
    case Work::udp_established:
      return "udp_established";
    case Work::udp_denied:
      return "udp_denied";
    case Work::tcp_connections:
      return "tcp_connections";
    case Work::tcp_request_p50:
      return "tcp_request_p50";
    case Work::tcp_request_p99:
      return "tcp_request_p99";
    case Work::tcp_bulk:
      return "tcp_bulk";
  }
  return "";
}

Result<UniqueFd> Traffic::open_inbox(std::uint16_t port) const {
  Result<UniqueFd> inbox = receiver_->space.socket(AF_INET, SOCK_DGRAM);
  if (!inbox) return inbox;
  const auto bound = bind_to(*inbox, receiver_->addresses.v4, port);
  if (!bound) return tl::unexpected<Error>(bound.error());
  const timeval patience{3, 0};
  setsockopt(inbox->get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  return inbox;
}

Result<UniqueFd> Traffic::open_flow(std::uint16_t port) const {
  Result<UniqueFd> from = sender_->space.socket(AF_INET, SOCK_DGRAM);
  if (!from) return from;
  const auto connected = connect_to(*from, receiver_->addresses.v4, port);
  if (!connected) return tl::unexpected<Error>(connected.error());
  return from;
}

Result<void> Traffic::answer_established() {
  sockaddr_in peer{};
  socklen_t size = sizeof(peer);
  char byte = 0;
  const timeval patience{3, 0};
  setsockopt(established_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (send(established_.get(), &byte, 1, 0) != 1 ||
      recvfrom(inbox_.get(), &byte, 1, 0, reinterpret_cast<sockaddr*>(&peer), &size) != 1 ||
      sendto(inbox_.get(), &byte, 1, 0, reinterpret_cast<sockaddr*>(&peer), size) != 1 ||
      recv(established_.get(), &byte, 1, 0) != 1)
    return fail_errno("a packet each way", errno);
  return {};
}

Result<Traffic> Traffic::create(const lab::Host& sender, const lab::Host& receiver) {
  Traffic traffic;
  traffic.sender_ = &sender;
  traffic.receiver_ = &receiver;
  traffic.inbox_ = need(traffic.open_inbox(kAllowedPort));
  traffic.denied_inbox_ = need(traffic.open_inbox(kDeniedPort));
  traffic.judged_ = need(traffic.open_flow(kAllowedPort));
  traffic.established_ = need(traffic.open_flow(kAllowedPort));
  traffic.denied_ = need(traffic.open_flow(kDeniedPort));
  traffic.listener_ = need(receiver.space.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK));
  need(bind_to(traffic.listener_, receiver.addresses.v4, kAllowedPort));
  // A window that fits the queue in which a core's packets wait (net.core.netdev_max_backlog): nothing is lost.
  const int window = 256 << 10;
  setsockopt(traffic.listener_.get(), SOL_SOCKET, SO_RCVBUF, &window, sizeof(window));
  if (listen(traffic.listener_.get(), 1024) != 0) return fail_errno("listen", errno);
  const Result<void> answered = traffic.answer_established();
  if (!answered) return tl::unexpected<Error>(answered.error());
  return traffic;
}

Result<Slice> Traffic::run_udp(Work work, const UniqueFd& from, const UniqueFd& to, std::chrono::microseconds time) {
  Batch batch;
  std::size_t sent = 0;
  std::size_t received = 0;
  const Moment start = Clock::now();
  while (Clock::now() - start < time) {
    const int done = batch.send(from.get());
    if (done <= 0 && errno != ECONNREFUSED && errno != EPERM && errno != EHOSTUNREACH)
      return fail_errno("sendmmsg", errno);
    sent += done > 0 ? static_cast<std::size_t>(done) : 0;
    for (int got = 0; (got = batch.receive(to.get())) > 0;) received += static_cast<std::size_t>(got);
  }
  const double each = nanoseconds(Clock::now() - start) / static_cast<double>(sent);
  if (work != Work::udp_denied && received + sent / 50 < sent)
    return fail("only " + std::to_string(received) + " of " + std::to_string(sent) + " packets arrived");
  return Slice{{work, each}};
}

Result<Slice> Traffic::run(Work work, std::chrono::microseconds time) {
  return sender_->space.inside([&]() -> Result<Slice> {
    become_realtime();
    switch (work) {
      case Work::udp_judged:
        return run_udp(work, judged_, inbox_, time);
      case Work::udp_established:
        return run_udp(work, established_, inbox_, time);
      case Work::udp_denied:
        return run_udp(work, denied_, denied_inbox_, time);
      case Work::tcp_connections:
        return run_connections(time);
      case Work::tcp_bulk:
        return run_bulk(time);
      default:
        return run_requests(time);
    }
  });
}

Result<void> Traffic::check(bool policy) {
  char byte = 0;
  const bool sent = send(denied_.get(), &byte, 1, 0) == 1;
  const bool arrived = sent && recv(denied_inbox_.get(), &byte, 1, policy ? MSG_DONTWAIT : 0) == 1;
  if (arrived == policy) return fail(policy ? "a denied packet arrived" : "a packet got lost");
  const Result<Slice> allowed = run(Work::udp_judged, std::chrono::microseconds(200));
  if (!allowed) return tl::unexpected<Error>(allowed.error());
  return {};
}

}  // namespace selvage::bench

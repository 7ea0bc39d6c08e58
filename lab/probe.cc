#include "lab/probe.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "lab/sctp.h"

namespace selvage::lab {
namespace {

using Clock = std::chrono::steady_clock;

constexpr milliseconds kResendInterval{250};

Outcome outcome_of(int error) {
  return error == ECONNREFUSED || error == ECONNRESET ? Outcome::refused : Outcome::unreachable;
}

int socket_type(Transport transport) {
  if (transport == Transport::tcp) return SOCK_STREAM;
  return transport == Transport::sctp ? SOCK_RAW : SOCK_DGRAM;
}

int socket_protocol(const Probe& probe) {
  if (probe.transport == Transport::sctp) return IPPROTO_SCTP;
  if (probe.transport != Transport::icmp) return 0;
  return probe.to.address.family() == IpFamily::v4 ? IPPROTO_ICMP : static_cast<int>(IPPROTO_ICMPV6);
}

/// A probe under way.
class Attempt {
 public:
  Attempt(const Probe& probe, UniqueFd fd)
      : probe_(probe), fd_(std::move(fd)), deadline_(Clock::now() + probe.patience) {}

  /// Binds, connects and sends the first request.
  void begin() {
    const int on = 1;
    setsockopt(fd_.get(), SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    Endpoint to = probe_.to;
    if (probe_.transport == Transport::sctp) to.port = 0;
    const SocketAddress peer(to);
    if (probe_.source) {
      setsockopt(fd_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      const SocketAddress own(*probe_.source);
      if (bind(fd_.get(), own.get(), own.size()) != 0) return end(Outcome::unreachable);
    }
    if (!probe_.any_answer && connect(fd_.get(), peer.get(), peer.size()) != 0 && errno != EINPROGRESS)
      return end(outcome_of(errno));
    resend_ = Clock::now();
    tick();
  }

  /// Sends again, or gives up, when it is time to.
  void tick() {
    const Clock::time_point now = Clock::now();
    if (now >= deadline_) return end(Outcome::silent);
    if (probe_.transport == Transport::tcp || now < resend_) return;
    resend_ = now + kResendInterval;
    const std::string request = make_request();
    const SocketAddress peer(probe_.to);
    const ssize_t sent = probe_.any_answer
                             ? sendto(fd_.get(), request.data(), request.size(), 0, peer.get(), peer.size())
                             : send(fd_.get(), request.data(), request.size(), 0);
    if (sent < 0 && errno == ECONNREFUSED) end(Outcome::refused);
  }

  /// The socket has something to say.
  void ready() {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return end(outcome_of(error));
    if (probe_.transport == Transport::tcp) return end(Outcome::answered);
    std::array<std::uint8_t, 2048> buffer;
    const ssize_t n = recv(fd_.get(), buffer.data(), buffer.size(), 0);
    if (n < 0) return errno == EAGAIN ? void() : end(outcome_of(errno));
    if (is_answer(std::span(buffer).first(static_cast<std::size_t>(n)))) end(Outcome::answered);
  }

  [[nodiscard]] pollfd poll_entry() const {
    return {outcome_ ? -1 : fd_.get(), static_cast<short>(probe_.transport == Transport::tcp ? POLLOUT : POLLIN), 0};
  }
  [[nodiscard]] const std::optional<Outcome>& outcome() const { return outcome_; }
  /// When tick() wants to be called.
  [[nodiscard]] Clock::time_point next_tick() const {
    return probe_.transport == Transport::tcp ? deadline_ : std::min(deadline_, resend_);
  }

 private:
  void end(Outcome outcome) { outcome_ = outcome; }

  [[nodiscard]] std::string make_request() const {
    if (probe_.transport == Transport::udp) return "selvage?";
    if (probe_.transport == Transport::sctp) return sctp::init(source_port_, probe_.to.port, 0x5e17a9e0);
    std::string echo(16, '\0');
    echo[0] = static_cast<char>(probe_.to.address.family() == IpFamily::v4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST);
    return echo;
  }

  /// Ping sockets deliver echo replies of their own only; raw SCTP sockets deliver everybody's packets.
  [[nodiscard]] bool is_answer(std::span<const std::uint8_t> bytes) const {
    if (probe_.transport != Transport::sctp) return true;
    const bool v4 = probe_.to.address.family() == IpFamily::v4;
    const std::size_t skip = v4 && !bytes.empty() ? (bytes[0] & 0xfU) * 4U : 0U;
    const auto packet = sctp::parse(bytes.subspan(std::min(skip, bytes.size())));
    return packet && packet->chunk == sctp::kInitAck && packet->source_port == probe_.to.port &&
           packet->destination_port == source_port_;
  }

  static std::uint16_t next_sctp_port() {
    static std::atomic<std::uint16_t> next{0};
    return static_cast<std::uint16_t>(20000 + next++ % 30000);
  }

  const Probe& probe_;
  UniqueFd fd_;
  Clock::time_point deadline_;
  Clock::time_point resend_;
  std::uint16_t source_port_ = next_sctp_port();
  std::optional<Outcome> outcome_;
};

/// Waits for the next event of any attempt and lets it act; false once all have ended.
bool step(std::vector<Attempt>& attempts) {
  std::vector<pollfd> entries;
  std::optional<Clock::time_point> wake;
  for (const Attempt& attempt : attempts) {
    entries.push_back(attempt.poll_entry());
    if (!attempt.outcome()) wake = wake ? std::min(*wake, attempt.next_tick()) : attempt.next_tick();
  }
  if (!wake) return false;
  const auto patience = std::chrono::ceil<milliseconds>(*wake - Clock::now()).count();
  poll(entries.data(), entries.size(), static_cast<int>(std::max<long>(patience, 0)));
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (entries[i].fd >= 0 && entries[i].revents != 0) attempts[i].ready();
    if (!attempts[i].outcome()) attempts[i].tick();
  }
  return true;
}

}  // namespace

const char* to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return "answered";
    case Outcome::refused:
      return "refused";
    case Outcome::silent:
      return "silent";
    case Outcome::unreachable:
      return "unreachable";
  }
  return "?";
}

Result<std::vector<Outcome>> run_probes(std::span<const Probe> probes) {
  std::vector<Attempt> attempts;
  attempts.reserve(probes.size());
  for (const Probe& probe : probes) {
    Result<UniqueFd> fd = probe.from->socket(socket_family(probe.to.address.family()),
                                             socket_type(probe.transport) | SOCK_NONBLOCK, socket_protocol(probe));
    if (!fd) return tl::unexpected<Error>(fd.error());
    attempts.emplace_back(probe, std::move(*fd));
    attempts.back().begin();
  }
  while (step(attempts)) {
  }
  std::vector<Outcome> outcomes;
  for (const Attempt& attempt : attempts) outcomes.push_back(*attempt.outcome());
  return outcomes;
}

Result<Outcome> run_probe(const Probe& probe) {
  const auto outcomes = run_probes(std::span(&probe, 1));
  if (!outcomes) return tl::unexpected<Error>(outcomes.error());
  return outcomes->front();
}

}  // namespace selvage::lab

#include "canary.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>

namespace selvage::soak {

Canary::Canary(const Network& network) : network_(network), sender_(network.canary_source()) {
  for (std::size_t i = 0; i < kCount; ++i)
    inboxes_.push_back(datagram_inbox(network.canary_target(), static_cast<std::uint16_t>(kFirst + i)));
}

bool Canary::await_next(std::chrono::seconds patience) {
  const Moment until = Clock::now() + patience;
  while (!in_force(turn_ + 1))
    if (Clock::now() > until) return false;
  ++turn_;
  return true;
}

/// The previous port first: if the table is open, or still the previous one, that packet arrives, too.
bool Canary::in_force(std::size_t turn) {
  const std::string token = std::to_string(++sent_);
  const IpFamily family = sent_ % 2 == 0 ? IpFamily::v4 : IpFamily::v6;
  const auto send = [&](std::size_t inbox) {
    const auto port = static_cast<std::uint16_t>(kFirst + inbox);
    return sender_.send({network_.canary_target().addresses.of(family), port}, token);
  };
  const std::size_t before = (turn - 1) % kCount;
  return send(before) && send(turn % kCount) && arrives(turn % kCount, token, 10) && !arrives(before, token, 3);
}

/// Ignores datagrams of earlier tries.
bool Canary::arrives(std::size_t inbox, const std::string& token, int patience_ms) const {
  pollfd entry{inboxes_[inbox].get(), POLLIN, 0};
  std::array<char, 64> buffer;
  while (poll(&entry, 1, patience_ms) == 1) {
    const ssize_t size = recv(entry.fd, buffer.data(), buffer.size(), 0);
    if (size > 0 && std::string_view(buffer.data(), static_cast<std::size_t>(size)) == token) return true;
  }
  return false;
}

}  // namespace selvage::soak

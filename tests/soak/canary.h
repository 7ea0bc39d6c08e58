#pragma once

#include <string>
#include <vector>

#include "knocks.h"
#include "network.h"

namespace selvage::soak {

/// Shows by packets which version of the canary's policy is enforced: each version allows another port.
class Canary {
 public:
  explicit Canary(const Network& network);

  /// The port for the next version to allow.
  [[nodiscard]] std::uint16_t next_port() const { return static_cast<std::uint16_t>(kFirst + (turn_ + 1) % kCount); }
  /// Waits until the port of next_port() is open and the previous one closed. False: not within `patience`.
  [[nodiscard]] bool await_next(std::chrono::seconds patience);

 private:
  static constexpr std::uint16_t kFirst = 30000;
  static constexpr std::size_t kCount = 6;

  [[nodiscard]] bool in_force(std::size_t turn);
  [[nodiscard]] bool arrives(std::size_t inbox, const std::string& token, int patience_ms) const;

  const Network& network_;
  RawSender sender_;
  std::vector<UniqueFd> inboxes_;
  std::size_t turn_ = 0;
  std::size_t sent_ = 0;
};

}  // namespace selvage::soak

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "base/result.h"
#include "base/wall_time.h"
#include "host/packet_headers.h"
#include "netlink/socket.h"

namespace selvage::nft {

/// A packet that a rule with `log` handed out.
struct LoggedPacket {
  std::string prefix;               ///< the rule's
  std::optional<WallTime> when;     ///< when the kernel received it; older kernels do not say
  std::uint32_t in_interface = 0;   ///< index; 0: none
  std::uint32_t out_interface = 0;  ///< index; 0: none
  PacketHeaders headers;
  std::optional<std::uint32_t> sequence;  ///< counts what was logged to the group, lost or not

  friend bool operator==(const LoggedPacket&, const LoggedPacket&) = default;
};

/// Reads what the rules of this network namespace log to one NFLOG group (nfnetlink_log). Of each packet its first
/// `kSnapLength` bytes come here, and of these only what PacketHeaders holds is kept. A single packet arrives within 10
/// ms; packets that follow each other closely come a dozen at a time. Closing it ends the copying; what was logged and
/// not taken is dropped. Needs CAP_NET_ADMIN. One thread; tied to the network namespace in which it was opened.
class PacketLog {
 public:
  /// Room for an IPv6 header, some extension headers and ports. Rules that say no less (Log::snaplen) copy no more,
  /// whoever reads.
  static constexpr std::uint32_t kSnapLength = 128;

  /// Binds the group, which only one socket of a namespace can. EPERM: another program holds it (an agent that is being
  /// replaced does so until its end), or the capability is missing.
  static Result<PacketLog> open(std::uint16_t group);

  /// Readable when something was logged; for poll(2).
  [[nodiscard]] int fd() const { return socket_.fd(); }

  struct Taken {
    std::size_t packets = 0;  ///< what was visited
    std::size_t lost = 0;     ///< logged, but not read in time (ENOBUFS) or not understood
  };
  /// Gives `visit` what has arrived, without waiting. Some hundred packets at most: where more wait, fd() stays
  /// readable.
  Taken take(const std::function<void(const LoggedPacket& packet)>& visit);

 private:
  explicit PacketLog(NetlinkSocket socket) : socket_(std::move(socket)) {}
  Result<void> bind(std::uint16_t group);

  NetlinkSocket socket_;
  std::uint32_t next_ = 0;  ///< sequence number that comes next when nothing is lost
};

}  // namespace selvage::nft

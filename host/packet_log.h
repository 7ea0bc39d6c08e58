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

namespace selvage::host {

/// A packet that a rule with `log` reported.
struct LoggedPacket {
  std::string prefix;               ///< the rule's
  std::optional<WallTime> when;     ///< when the kernel received it; absent on older kernels
  std::uint32_t in_interface = 0;   ///< index; 0: none
  std::uint32_t out_interface = 0;  ///< index; 0: none
  PacketHeaders headers;
  std::optional<std::uint32_t> sequence;  ///< counts packets logged to the group, lost ones included

  friend bool operator==(const LoggedPacket&, const LoggedPacket&) = default;
};

/// Reads the packets that rules of this network namespace log to one NFLOG group (nfnetlink_log). The kernel copies the
/// first `kSnapLength` bytes of each packet, and only the fields of PacketHeaders are kept. A single packet arrives
/// within 10 ms; packets in quick succession arrive a dozen at a time. Closing ends the copying and drops packets that
/// were not taken. Needs CAP_NET_ADMIN. For one thread; tied to the network namespace in which it was opened.
class PacketLog {
 public:
  /// Room for an IPv6 header, some extension headers and ports. A rule with this Log::snaplen never
  /// copies more.
  static constexpr std::uint32_t kSnapLength = 128;

  /// Binds the group; only one socket of a namespace can. EPERM: another program holds it (an agent that is being
  /// replaced does so until it ends), or the capability is missing.
  static Result<PacketLog> open(std::uint16_t group);

  /// Readable when something was logged; for poll(2).
  [[nodiscard]] int fd() const { return socket_.fd(); }

  struct Taken {
    std::size_t packets = 0;  ///< visited
    std::size_t lost = 0;     ///< logged, but not read in time (ENOBUFS) or not decodable
  };
  /// Gives `visit` the packets that have arrived, without waiting: some hundred at most; when more wait, fd() stays
  /// readable.
  Taken take(const std::function<void(const LoggedPacket& packet)>& visit);

 private:
  explicit PacketLog(netlink::Socket socket) : socket_(std::move(socket)) {}
  Result<void> bind(std::uint16_t group);

  netlink::Socket socket_;
  std::uint32_t next_ = 0;  ///< sequence number that comes next when nothing is lost
};

}  // namespace selvage::host

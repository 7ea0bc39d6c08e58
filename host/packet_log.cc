#include "host/packet_log.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <sys/socket.h>

#include <cerrno>
#include <string_view>

#include "host/decode_packet_log.h"
#include "netlink/message_writer.h"

namespace selvage::host {
namespace {

constexpr std::uint16_t kConfig = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
constexpr std::uint16_t kPacket = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET;
/// How long a packet may wait for others to share its datagram, in hundredths of a second: the minimum.
constexpr std::uint32_t kFlushTimeout = 1;
/// How many may share it; the kernel's buffer of one page fills up first.
constexpr std::uint32_t kQueueThreshold = 64;
/// Bounds one call, however fast others log.
constexpr std::size_t kMaxDatagrams = 32;

template <class T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

}  // namespace

Result<PacketLog> PacketLog::open(std::uint16_t group) {
  const std::string what = "read packets logged to NFLOG group " + std::to_string(group);
  auto socket = netlink::Socket::open(NETLINK_NETFILTER);
  if (!socket) return fail(what, socket.error());
  PacketLog log(std::move(*socket));
  const auto bound = log.bind(group);
  if (!bound && bound.error().code == EPERM) {
    return fail(what + ": another program has bound the group (choose another one), or CAP_NET_ADMIN is missing",
                EPERM);
  }
  if (!bound) return fail(what, bound.error());
  return log;
}

Result<void> PacketLog::bind(std::uint16_t group) {
  const nfulnl_msg_config_cmd command{NFULNL_CFG_CMD_BIND};
  const nfulnl_msg_config_mode mode{htonl(kSnapLength), NFULNL_COPY_PACKET, 0};
  const std::uint16_t flags = htons(NFULNL_CFG_F_SEQ);
  netlink::MessageWriter out;
  out.begin(kConfig, NLM_F_REQUEST | NLM_F_ACK, AF_UNSPEC, group, socket_.next_sequence());
  out.put(NFULA_CFG_CMD, bytes_of(command));
  out.put(NFULA_CFG_MODE, bytes_of(mode));
  out.put_be32(NFULA_CFG_TIMEOUT, kFlushTimeout);
  out.put_be32(NFULA_CFG_QTHRESH, kQueueThreshold);
  out.put(NFULA_CFG_FLAGS, bytes_of(flags));
  out.finish();
  return socket_.request(out.take(), [](const netlink::Message&) -> Result<void> { return {}; });
}

PacketLog::Taken PacketLog::take(const std::function<void(const LoggedPacket& packet)>& visit) {
  Taken taken;
  socket_.take(
      [&](const netlink::Message& message) {
        if (message.header.nlmsg_type != kPacket) return;  // NLMSG_DONE ends a datagram of several
        const auto packet = decode_logged_packet(message.payload);
        if (!packet) return;  // the next number shows it
        if (packet->sequence) {
          taken.lost += *packet->sequence - next_;
          next_ = *packet->sequence + 1;
        }
        ++taken.packets;
        visit(*packet);
      },
      kMaxDatagrams);
  return taken;
}

}  // namespace selvage::host

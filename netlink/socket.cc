#include "netlink/socket.h"

#include <libmnl/libmnl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace selvage::netlink {
namespace {

/// More than the kernel puts into one datagram of a dump (32 KiB), or one object's 16-bit attributes.
constexpr std::size_t kReceiveSize = std::size_t{128} * 1024;
/// Each refused message of a batch takes about 1 KiB of the receive buffer.
constexpr int kReceiveBuffer = 8 * 1024 * 1024;
/// The overhead that the kernel needs in the send buffer in addition to the bytes, rounded up.
constexpr std::size_t kSendOverhead = 4096;

/// Exceeds net.core.*mem_max with CAP_NET_ADMIN only.
void set_buffer(int fd, int force, int plain, int size) {
  if (::setsockopt(fd, SOL_SOCKET, force, &size, sizeof(size)) == 0) return;
  ::setsockopt(fd, SOL_SOCKET, plain, &size, sizeof(size));
}

void read_answers(Bytes datagram, BatchAnswer& answer) {
  for (auto message = first_message(datagram); message; message = first_message(datagram)) {
    datagram = after_message(datagram, *message);
    if (message->header.nlmsg_type != NLMSG_ERROR) continue;
    Refusal refusal = decode_refusal(*message);
    if (refusal.code == 0) {
      answer.acknowledged.push_back(refusal.sequence);
    } else {
      answer.refusals.push_back(std::move(refusal));
    }
  }
}

/// The answer to one request while it is read.
struct Reading {
  std::uint32_t sequence;
  const Socket::Visit& visit;
  Result<void> outcome{};
  bool interrupted = false;
  bool done = false;

  void end(int code) {
    done = true;
    if (code != 0 && outcome) outcome = fail(std::generic_category().message(code), code);
  }

  void take(const Message& message) {
    if (message.header.nlmsg_seq != sequence) return;  // an answer to an earlier request that was given up
    interrupted = interrupted || (message.header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    if (message.header.nlmsg_type == NLMSG_ERROR || message.header.nlmsg_type == NLMSG_DONE) {
      end(decode_refusal(message).code);
    } else if (outcome) {
      outcome = visit(message);
    }
  }
};

}  // namespace

Refusal decode_refusal(const Message& message) {
  Refusal refusal;
  refusal.sequence = message.header.nlmsg_seq;
  std::int32_t code = 0;
  if (message.payload.size() >= sizeof(code)) std::memcpy(&code, message.payload.data(), sizeof(code));
  refusal.code = code < 0 ? -code : 0;
  if (message.header.nlmsg_type != NLMSG_ERROR || (message.header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return refusal;
  // NETLINK_CAP_ACK: of the refused message only the header is sent back.
  const Attributes details(message.payload.subspan(std::min(message.payload.size(), sizeof(nlmsgerr))));
  refusal.message = read_string(details.find(NLMSGERR_ATTR_MSG));
  const Bytes offset = details.find(NLMSGERR_ATTR_OFFS);
  if (offset.size() == sizeof(std::uint32_t)) {
    std::memcpy(&refusal.bad_offset.emplace(), offset.data(), sizeof(std::uint32_t));
  }
  return refusal;
}

void Socket::Close::operator()(mnl_socket* socket) const { mnl_socket_close(socket); }

Socket::Socket(mnl_socket* socket) : socket_(socket), buffer_(kReceiveSize) {}

Result<Socket> Socket::open(int bus, unsigned groups) {
  mnl_socket* opened = mnl_socket_open2(bus, SOCK_CLOEXEC);
  if (opened == nullptr) return fail_errno("netlink socket", errno);
  Socket socket(opened);
  if (mnl_socket_bind(opened, groups, MNL_SOCKET_AUTOPID) < 0) return fail_errno("netlink socket: bind", errno);
  int on = 1;
  mnl_socket_setsockopt(opened, NETLINK_EXT_ACK, &on, sizeof(on));
  if (mnl_socket_setsockopt(opened, NETLINK_CAP_ACK, &on, sizeof(on)) < 0) {
    return fail_errno("netlink socket: NETLINK_CAP_ACK", errno);
  }
  set_buffer(socket.fd(), SO_RCVBUFFORCE, SO_RCVBUF, kReceiveBuffer);
  return socket;
}

int Socket::fd() const { return mnl_socket_get_fd(socket_.get()); }

std::uint32_t Socket::port() const { return mnl_socket_get_portid(socket_.get()); }

std::uint32_t Socket::next_sequence(std::uint32_t count) {
  const std::uint32_t first = sequence_;
  sequence_ += count;
  return first;
}

void Socket::grow_send_buffer(std::size_t size) {
  if (size <= send_buffer_) return;
  // Kept below half of what an int holds: the kernel doubles it.
  const std::size_t wanted = std::min<std::size_t>(size + kSendOverhead, std::size_t{1} << 30);
  set_buffer(fd(), SO_SNDBUFFORCE, SO_SNDBUF, static_cast<int>(wanted));
  send_buffer_ = size;
}

Result<void> Socket::send(std::span<const std::uint8_t> bytes) {
  grow_send_buffer(bytes.size());
  if (mnl_socket_sendto(socket_.get(), bytes.data(), bytes.size()) >= 0) return {};
  return fail_errno("netlink: sending " + std::to_string(bytes.size()) + " bytes", errno);
}

Result<Bytes> Socket::receive(int flags) {
  ssize_t size = -1;
  do {
    size = ::recv(fd(), buffer_.data(), buffer_.size(), flags | MSG_TRUNC);
  } while (size < 0 && errno == EINTR);
  if (size < 0) return fail_errno("netlink: receiving", errno);
  if (static_cast<std::size_t>(size) > buffer_.size()) return fail_errno("netlink: receiving", EMSGSIZE);
  return Bytes(buffer_.data(), static_cast<std::size_t>(size));
}

Result<void> Socket::request(std::span<const std::uint8_t> message, const Visit& visit) {
  nlmsghdr header{};
  std::memcpy(&header, message.data(), std::min(sizeof(header), message.size()));
  if (auto sent = send(message); !sent) return sent;
  Reading reading{header.nlmsg_seq, visit};
  while (!reading.done) {
    const auto datagram = receive(0);
    if (!datagram) return tl::unexpected(datagram.error());
    Bytes rest = *datagram;
    for (auto next = first_message(rest); next && !reading.done; next = first_message(rest)) {
      rest = after_message(rest, *next);
      reading.take(*next);
    }
  }
  if (reading.outcome && reading.interrupted) return fail_errno("netlink: inconsistent dump", EINTR);
  return reading.outcome;
}

Result<BatchAnswer> Socket::send_batch(std::span<const std::uint8_t> batch) {
  drain();
  if (auto sent = send(batch); !sent) return tl::unexpected(sent.error());
  BatchAnswer answer;
  for (;;) {
    const auto datagram = receive(MSG_DONTWAIT);
    if (datagram) {
      read_answers(*datagram, answer);
    } else if (datagram.error().code == ENOBUFS) {
      answer.overrun = true;  // reported once, before the answers that did fit
    } else if (datagram.error().code == EAGAIN) {
      return answer;
    } else {
      return tl::unexpected(datagram.error());
    }
  }
}

bool Socket::take(const std::function<void(const Message& message)>& visit, std::size_t max_datagrams) {
  bool lost = false;
  for (; max_datagrams > 0; --max_datagrams) {
    const auto datagram = receive(MSG_DONTWAIT);
    if (!datagram && datagram.error().code != ENOBUFS && datagram.error().code != EMSGSIZE) return lost;
    lost = lost || !datagram;
    Bytes rest = datagram.value_or(Bytes());
    for (auto message = first_message(rest); message; message = first_message(rest)) {
      rest = after_message(rest, *message);
      visit(*message);
    }
  }
  return lost;
}

bool Socket::drain() {
  bool any = false;
  for (;;) {
    const auto datagram = receive(MSG_DONTWAIT);
    if (!datagram && datagram.error().code != ENOBUFS && datagram.error().code != EMSGSIZE) return any;
    any = true;
  }
}

}  // namespace selvage::netlink

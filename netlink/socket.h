#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "netlink/attributes.h"

struct mnl_socket;

namespace selvage::netlink {

/// How often a dump is attempted when its data changes meanwhile (EINTR).
inline constexpr int kDumpAttempts = 10;

/// A negative answer: NLMSG_ERROR with a code.
struct Refusal {
  std::uint32_t sequence = 0;               ///< of the message that was refused
  int code = 0;                             ///< errno, positive
  std::optional<std::uint32_t> bad_offset;  ///< NLMSGERR_ATTR_OFFS
  std::string message;                      ///< NLMSGERR_ATTR_MSG; usually empty
};

/// All answers to a batch.
struct BatchAnswer {
  std::vector<Refusal> refusals;            ///< in the order of their arrival
  std::vector<std::uint32_t> acknowledged;  ///< sequence numbers
  bool overrun = false;                     ///< the receive buffer was too small: answers are missing
};

/// Owns one netlink socket, with extended acknowledgements. The kernel answers before sendmsg(2)
/// returns, so nothing here waits for long. Not thread-safe; tied to the network namespace in which
/// it was opened.
class Socket {
 public:
  /// `bus`: NETLINK_NETFILTER, NETLINK_ROUTE. `groups`: multicast groups to join, as a bit mask.
  static Result<Socket> open(int bus, unsigned groups = 0);

  [[nodiscard]] int fd() const;
  /// The port that the kernel knows this socket by (nlmsg_pid of what it causes).
  [[nodiscard]] std::uint32_t port() const;
  /// A sequence number for a request, with room for `count` of them from there on.
  [[nodiscard]] std::uint32_t next_sequence(std::uint32_t count = 1);

  using Visit = std::function<Result<void>(const Message& message)>;
  /// Sends one request message (NLM_F_DUMP, or NLM_F_ACK) and gives `visit` each message of the answer up to its end.
  /// After an error of `visit` the rest is read and dropped, and the error returned. Fails with EINTR when the dump was
  /// inconsistent (NLM_F_DUMP_INTR): start again from nothing.
  Result<void> request(std::span<const std::uint8_t> message, const Visit& visit);

  /// Sends the bytes in one piece, however many, and reads all answers.
  Result<BatchAnswer> send_batch(std::span<const std::uint8_t> batch);

  /// Gives `visit` each message that has arrived, without waiting, from at most `max_datagrams` datagrams. True when
  /// some were lost (ENOBUFS).
  bool take(const std::function<void(const Message& message)>& visit,
            std::size_t max_datagrams = std::numeric_limits<std::size_t>::max());

  /// Reads what has arrived, without waiting, and drops it. True when there was anything.
  bool drain();

 private:
  struct Close {
    void operator()(mnl_socket* socket) const;
  };
  explicit Socket(mnl_socket* socket);

  Result<void> send(std::span<const std::uint8_t> bytes);
  /// Reads one datagram into the buffer. EAGAIN if `flags` has MSG_DONTWAIT and none is waiting.
  Result<Bytes> receive(int flags);
  void grow_send_buffer(std::size_t size);

  std::unique_ptr<mnl_socket, Close> socket_;
  std::vector<std::uint8_t> buffer_;
  std::uint32_t sequence_ = 1;
  std::size_t send_buffer_ = 0;
};

/// Decodes NLMSG_ERROR, or the end of a dump, NLMSG_DONE; code 0 is an acknowledgement.
[[nodiscard]] Refusal decode_refusal(const Message& message);

}  // namespace selvage::netlink

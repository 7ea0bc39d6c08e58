#pragma once

#include "lab/endpoint.h"
#include "lab/node.h"

namespace selvage::lab {

/// A long-lived connection (TCP) or exchange from fixed ports (UDP) between two hosts, both ends held here, to see
/// which direction still carries. Move-only, for one thread.
class Flow {
 public:
  /// Where a flow runs. `server_port` 0 takes any free one; so does `client_port`.
  struct Path {
    const Host* client = nullptr;
    const Host* server = nullptr;
    IpFamily family = IpFamily::v4;
    Transport transport = Transport::tcp;  ///< tcp or udp
    std::uint16_t server_port = 0;
    std::uint16_t client_port = 0;
  };

  /// Opens both ends. TCP is connected when this returns, an error when it could not be within three seconds. UDP has
  /// sent nothing yet.
  static Result<Flow> open(const Path& path);

  /// Whether something that the client sends now comes out at the server within `patience`. UDP sends it again four
  /// times a second.
  bool client_reaches_server(milliseconds patience) { return reaches(client_, server_, patience); }
  /// The same in the other direction; the server sends first.
  bool server_reaches_client(milliseconds patience) { return reaches(server_, client_, patience); }

 private:
  Flow(UniqueFd client, UniqueFd server, Transport transport)
      : client_(std::move(client)), server_(std::move(server)), transport_(transport) {}
  bool reaches(const UniqueFd& from, const UniqueFd& to, milliseconds patience);

  UniqueFd client_;
  UniqueFd server_;
  Transport transport_;
  unsigned sent_ = 0;
};

/// A plain UDP socket on every address of a namespace at one port, which tells what arrived.
class UdpInbox {
 public:
  static Result<UdpInbox> open(const Namespace& where, std::uint16_t port);

  /// Whether a datagram that holds `token` comes within `patience`. Others are thrown away.
  bool received(std::string_view token, milliseconds patience);

 private:
  explicit UdpInbox(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace selvage::lab

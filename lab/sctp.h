#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

/// The two packets of an SCTP handshake that a probe needs (RFC 9260, 3.3.2 and 3.3.3), as pure functions of bytes.
namespace selvage::lab::sctp {

/// The fields that the lab reads from a packet.
struct Packet {
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::uint8_t chunk = 0;          ///< type of the first chunk
  std::uint32_t initiate_tag = 0;  ///< of an INIT or INIT ACK
};

inline constexpr std::uint8_t kInit = 1;
inline constexpr std::uint8_t kInitAck = 2;

/// An INIT packet with a correct checksum.
std::string init(std::uint16_t source_port, std::uint16_t destination_port, std::uint32_t tag);
/// The INIT ACK that a server answers `request` with.
std::string init_ack(const Packet& request);
/// Reads an SCTP packet without its IP header; nothing if it is too short for an INIT.
std::optional<Packet> parse(std::span<const std::uint8_t> bytes);

}  // namespace selvage::lab::sctp

#include "lab/sctp.h"

#include <array>

namespace selvage::lab::sctp {
namespace {

constexpr std::size_t kHeader = 12;
constexpr std::size_t kShortest = kHeader + 20;  // with an INIT chunk

void put16(std::string& out, std::uint16_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value & 0xff);
}

void put32(std::string& out, std::uint32_t value) {
  put16(out, static_cast<std::uint16_t>(value >> 16));
  put16(out, static_cast<std::uint16_t>(value & 0xffff));
}

std::uint16_t get16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// CRC32c, bit by bit (RFC 9260 appendix A).
std::uint32_t crc32c(const std::string& bytes) {
  std::uint32_t crc = ~0U;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1U) != 0 ? 0x82f63b78U : 0U);
  }
  return ~crc;
}

struct Header {
  std::uint16_t source_port;
  std::uint16_t destination_port;
  std::uint32_t verification_tag;
};

/// Header, checksum (in little-endian order, as the RFC has it) and one chunk of the INIT layout.
std::string packet(const Header& header, std::uint8_t chunk, std::uint32_t tag, const std::string& parameters) {
  std::string out;
  put16(out, header.source_port);
  put16(out, header.destination_port);
  put32(out, header.verification_tag);
  put32(out, 0);
  out += static_cast<char>(chunk);
  out += '\0';
  put16(out, static_cast<std::uint16_t>(20 + parameters.size()));
  put32(out, tag);
  put32(out, 65536);  // receiver window
  put16(out, 1);      // outbound streams
  put16(out, 1);      // inbound streams
  put32(out, 1);      // initial TSN
  out += parameters;
  const std::uint32_t crc = crc32c(out);
  for (std::size_t i = 0; i < 4; ++i) out[8 + i] = static_cast<char>(crc >> (8 * i));
  return out;
}

}  // namespace

std::string init(std::uint16_t source_port, std::uint16_t destination_port, std::uint32_t tag) {
  return packet({source_port, destination_port, 0}, kInit, tag, "");
}

std::string init_ack(const Packet& request) {
  std::string cookie;
  put16(cookie, 7);  // state cookie, which an INIT ACK must have
  put16(cookie, 8);
  put32(cookie, 0x5e17a9e0);
  return packet({request.destination_port, request.source_port, request.initiate_tag}, kInitAck, 1, cookie);
}

std::optional<Packet> parse(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < kShortest) return std::nullopt;
  const std::uint32_t tag = static_cast<std::uint32_t>(get16(bytes, kHeader + 4)) << 16 | get16(bytes, kHeader + 6);
  return Packet{get16(bytes, 0), get16(bytes, 2), bytes[kHeader], tag};
}

}  // namespace selvage::lab::sctp

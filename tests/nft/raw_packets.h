#pragma once

#include <cstdint>
#include <string>

#include "base/ip_address.h"

/// Packets as bytes, without checksums.
namespace selvage::host {

inline std::string net16(unsigned number) {
  return {static_cast<char>(number >> 8U), static_cast<char>(number & 0xffU)};
}

/// A header without options before `payload`.
inline std::string ipv4_packet(const char* source, const char* destination, int protocol, const std::string& payload) {
  const auto length = static_cast<unsigned>(20 + payload.size());
  return std::string("\x45\0", 2) + net16(length) + std::string(4, '\0') +
         std::string{64, static_cast<char>(protocol), 0, 0} + IpAddress::parse(source)->key() +
         IpAddress::parse(destination)->key() + payload;
}

/// `next`: the protocol, or an extension header that `payload` begins with.
inline std::string ipv6_packet(const char* source, const char* destination, int next, const std::string& payload) {
  return std::string("\x60\0\0\0", 4) + net16(static_cast<unsigned>(payload.size())) +
         std::string{static_cast<char>(next), 64} + IpAddress::parse(source)->key() +
         IpAddress::parse(destination)->key() + payload;
}

}  // namespace selvage::host

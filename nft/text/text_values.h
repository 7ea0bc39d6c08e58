#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nft/model/table.h"

/// Values as nft(8) writes them. Bytes of a wrong length print as 0x and hexadecimal digits.
namespace selvage::nft {

/// One value of a field: "10.0.0.1", "tcp", "80", "\"cni0\"", "ip6", "nd-router-solicit".
[[nodiscard]] std::string value_text(FieldType type, std::string_view bytes);

/// An inclusive range; a range of one as its value, an address block as a prefix: "9000-9100",
/// "10.0.0.0/8".
[[nodiscard]] std::string range_text(FieldType type, std::string_view first, std::string_view last);

/// The bytes as one big-endian number; at most 8 bytes.
[[nodiscard]] std::uint64_t big_endian(std::string_view bytes);

/// The names of the bits of four bytes in host order: "established,related", "dnat"; empty for no bit.
[[nodiscard]] std::string ct_state_text(std::string_view bits);
[[nodiscard]] std::string ct_status_text(std::string_view bits);

/// "0x" and the bytes.
[[nodiscard]] std::string hex_text(std::string_view bytes);

/// In double quotes; characters that nft(8) cannot read inside quotes, or that end a line, become '.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// "limit rate 100/second burst 200 packets".
[[nodiscard]] std::string limit_text(const Limit& limit);
/// "log prefix \"denied\" group 5 snaplen 128".
[[nodiscard]] std::string log_text(const Log& log);

/// "accept", "goto k1-in".
[[nodiscard]] std::string verdict_text(const Verdict& verdict);

}  // namespace selvage::nft

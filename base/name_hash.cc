#include "base/name_hash.h"

#include <openssl/sha.h>

#include <array>
#include <cstdint>

namespace selvage {

std::string name_hash(std::string_view text) {
  static constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  static constexpr unsigned kNameBytes = 10;
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());

  std::string name;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (unsigned i = 0; i < kNameBytes; ++i) {
    bits = (bits << 8) | digest[i];
    for (held += 8; held >= 5; held -= 5) name.push_back(kAlphabet[(bits >> (held - 5)) & 31]);
  }
  return name;
}

}  // namespace selvage

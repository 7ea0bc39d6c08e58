#include "k8s_client/json/json_scan.h"

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "k8s_client/json/json_marks.h"

namespace selvage::k8s_client {
namespace {

using State = JsonScan::State;

/// The same, byte by byte.
JsonScan::Outcome scan_slowly(std::string_view text) {
  std::size_t braces = 0;
  std::size_t brackets = 0;
  bool in_string = false;
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool was_escaped = escaped;
    escaped = c == '\\' && !was_escaped;
    if (c == '"' && !was_escaped) in_string = !in_string;
    if (in_string) continue;
    if (c == '{') ++braces;
    if (c == '[') ++brackets;
    if (c == ']' && brackets-- == 0) return {i + 1, State::unmatched};
    if (c == '}' && --braces == 0) return {i + 1, brackets == 0 ? State::closed : State::unmatched};
  }
  return {text.size(), State::open};
}

}  // namespace

TEST_CASE("blocks of bytes have the same marks on every machine") {
  std::mt19937 random(2);
  for (int round = 0; round < 1000; ++round) {
    std::array<char, kJsonBlock> block;
    for (auto& c : block) c = round % 2 == 0 ? static_cast<char>(random()) : "\"\\{}[]a\xff"[random() % 8];
    std::uint64_t quotes = 0;
    for (std::size_t i = 0; i < block.size(); ++i) quotes |= std::uint64_t{block[i] == '"'} << i;
    const JsonMarks marks = mark_json(PlainBlock{block.data()});
    CHECK(marks.quote == quotes);
    CHECK(marks == mark_json(JsonBlock{block.data()}));
  }
}

TEST_CASE("the end of an object is the same as byte by byte") {
  std::mt19937 random(3);
  const std::string alphabet = "{}[]\"\\aaaa{{[[";
  for (int round = 0; round < 20000; ++round) {
    std::string text = "{";
    for (unsigned i = random() % 300; i > 0; --i) text += alphabet[random() % alphabet.size()];
    const auto expected = scan_slowly(text);
    JsonScan scan;
    const auto found = scan.scan(text);
    if (found.taken == expected.taken && found.state == expected.state) continue;
    FAIL(text << ": " << found.taken << ", not " << expected.taken);
  }
}

}  // namespace selvage::k8s_client

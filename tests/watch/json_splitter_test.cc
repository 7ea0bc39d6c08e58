#include "k8s_client/json/json_splitter.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

namespace selvage::k8s_client {
namespace {

using Kind = JsonPart::Kind;
using Shape = JsonSplitter::Shape;

struct Part {
  Kind kind;
  std::string text;

  friend bool operator==(const Part&, const Part&) = default;
};

struct Cut {
  std::vector<Part> parts;
  bool failed = false;
  bool at_end = false;

  friend bool operator==(const Cut&, const Cut&) = default;
};

/// Feeds `text` in chunks of the sizes that `next_size` yields. Each chunk is a buffer of its own, so
/// that reading beyond it is seen.
template <class NextSize>
Cut cut(Shape shape, std::string_view text, NextSize next_size) {
  JsonSplitter splitter(shape);
  Cut result;
  unsigned read_ahead = 0;
  const auto visit = [&](const JsonPart& part) {
    for (std::size_t i = 0; i < kJsonPadding; ++i)
      read_ahead += static_cast<unsigned char>(part.text.data()[part.text.size() + i]);
    result.parts.push_back({part.kind, std::string(part.text)});
    return true;
  };
  for (std::size_t at = 0; at < text.size() && !result.failed;) {
    const std::size_t size = std::min<std::size_t>(next_size(), text.size() - at);
    const std::unique_ptr<char[]> chunk(new char[size]);
    if (size > 0) std::memcpy(chunk.get(), text.data() + at, size);
    const auto go_on = splitter.feed({chunk.get(), size}, visit);
    result.failed = !go_on;
    at += size;
  }
  result.at_end = splitter.at_end();
  return result;
}

Cut cut_whole(Shape shape, std::string_view text) {
  return cut(shape, text, [&] { return text.size(); });
}

Cut good(std::vector<Part> parts) { return {std::move(parts), false, true}; }

const std::vector<std::string>& samples() {
  static const std::string kLong = R"({"a":")" + std::string(300, 'x') + R"("})";
  static const std::vector<std::string> kSamples = {
      R"({"type":"ADDED"})"
      "\n"
      R"({"b":["}",{"c":"\"}\\"}]} {})",
      "  \n\t" + kLong + kLong + "\r\n" + kLong,
      R"({"a":"\\"}{"b":"\\\""}{"c":"[{\\\\\"\\"}{"\u0022":1}{"\\\\":[[],[{}]]})",
      R"({"kind":"PodList","metadata":{"resourceVersion":"5","x":["{"]},"items":[{"a":1},{"b":"]}"}],"z":"items"})",
      R"( { "items" : [ {"a":[1]} , {"b":2} ] , "metadata" : { "items" : [ {"no":1} ] } } )",
      R"({"items":null,"metadata":{}})",
      R"({"items":[],"a":1,"b":[],"c":"\"","d":{"items":[{}]}})",
      R"({"apiVersion":"v1","items":[)" + kLong + "," + kLong + "," + kLong + "]}\n",
      // Bad ones.
      R"({"a":1}x{"b":2})",
      R"({"a":[}]})",
      R"({"a":]})",
      R"({"items":[{"a":1},5]})",
      R"({"items":[{"a":1}{"b":1}]})",
      R"({"items":[{"a":1},]})",
      R"({"items":[{"a":1}],"items":[]})",
      R"({"items":{"a":1}})",
      R"({"items":nul})",
      R"({"metadata":{}})",
      R"({"items":[]}{})",
      R"({"items":[]}})",
      R"({"a":{"b":1}})",
      R"(<html>)",
      R"([{}])",
  };
  return kSamples;
}

}  // namespace

TEST_CASE("a stream is split into its objects, whatever brackets their strings contain") {
  CHECK(cut_whole(Shape::stream,
                  R"( {"a":"}"} {"b":{"c":["\"{"]}})"
                  "\n") == good({{Kind::value, R"({"a":"}"})"}, {Kind::value, R"({"b":{"c":["\"{"]}})"}}));
  CHECK(cut_whole(Shape::stream, "") == good({}));
  CHECK(cut_whole(Shape::stream, " \r\n\t") == good({}));
}

TEST_CASE("a stream that ends within an object is not at its end") {
  const Cut found = cut_whole(Shape::stream, R"({"a":1}{"b":)");
  CHECK(found.parts == std::vector<Part>{{Kind::value, R"({"a":1})"}});
  CHECK_FALSE(found.failed);
  CHECK_FALSE(found.at_end);
}

TEST_CASE("a list is split into its items and the text around them") {
  CHECK(cut_whole(Shape::list, R"({"kind":"L","items":[{"a":1},{"b":2}],"metadata":{"resourceVersion":"5"}})") ==
        good({{Kind::value, R"({"a":1})"},
              {Kind::value, R"({"b":2})"},
              {Kind::list, R"({"kind":"L","items":[],"metadata":{"resourceVersion":"5"}})"}}));
  CHECK(cut_whole(Shape::list, R"({"items":[]})") == good({{Kind::list, R"({"items":[]})"}}));
  CHECK(cut_whole(Shape::list, R"({"items":null})") == good({{Kind::list, R"({"items":[]})"}}));
}

TEST_CASE("a list is visited once, whatever white space follows") {
  const Cut once = good({{Kind::list, R"({"items":[]})"}});
  CHECK(cut_whole(Shape::list, "{\"items\":[]}\n \r\n") == once);
  CHECK(cut(Shape::list, "{\"items\":[]}\n \r\n", [] { return 1; }) == once);
}

TEST_CASE("only the list's own field items has its items") {
  const std::string frame =
      R"({"a":{"items":[{"x":1}]},"b":["items",[{"y":1}]],"c":"items","\"items":[{"z":1}],"items":[]})";
  CHECK(cut_whole(Shape::list, frame) == good({{Kind::list, frame}}));
}

TEST_CASE("an incomplete list is never visited") {
  const std::string list = R"({"items":[{"a":1}],"metadata":{"resourceVersion":"5"}})";
  for (std::size_t size = 0; size < list.size(); ++size) {
    const Cut found = cut_whole(Shape::list, list.substr(0, size));
    CAPTURE(size);
    CHECK_FALSE(found.at_end);
    for (const auto& part : found.parts) CHECK(part.kind == Kind::value);
  }
}

TEST_CASE("bodies that are neither a list nor a stream") {
  for (const char* body :
       {"x", "[]", "5", "\"a\"", "{} x", "{}]", "{}}", R"({"a":[}]})", R"({"a":]})", R"({"a":{]}})", "{\"a\":1},{}"}) {
    CAPTURE(body);
    CHECK(cut_whole(Shape::stream, body).failed);
  }
  for (const char* body : {"x",
                           "[]",
                           "5",
                           "null",
                           "{}",
                           R"({"metadata":{}})",
                           R"({"kind":"Status","code":500})",
                           R"({"items":[5]})",
                           R"({"items":[null]})",
                           R"({"items":[[]]})",
                           R"({"items":[{},]})",
                           R"({"items":[{}{}]})",
                           R"({"items":[,{}]})",
                           R"({"items":{}})",
                           R"({"items":"a"})",
                           R"({"items":nil})",
                           R"({"items":[],"items":[]})",
                           R"({"items":[]}x)",
                           R"({"items":[]}{"items":[]})",
                           R"({"items":[{"a":[}]}]})",
                           R"({items:[]})",
                           R"({"items"[]})",
                           R"({"a":}})",
                           R"({"\u0069tems":[]})"}) {
    CAPTURE(body);
    const Cut found = cut_whole(Shape::list, body);
    CHECK(found.failed);
    CHECK_FALSE(found.at_end);
  }
}

TEST_CASE("an error is permanent") {
  JsonSplitter splitter(Shape::stream);
  const auto visit = [](const JsonPart&) { return true; };
  REQUIRE_FALSE(splitter.feed("]", visit));
  CHECK_FALSE(splitter.feed("{}", visit));
  CHECK_FALSE(splitter.feed("", visit));
  CHECK_FALSE(splitter.at_end());
}

TEST_CASE("however a body is cut into chunks, its parts are the same") {
  for (const auto shape : {Shape::stream, Shape::list}) {
    for (const auto& text : samples()) {
      const Cut whole = cut_whole(shape, text);
      CAPTURE(text);
      for (std::size_t at = 1; at < text.size(); ++at) {
        std::size_t size = at;
        const Cut found = cut(shape, text, [&] { return std::exchange(size, text.size()); });
        if (!(found == whole)) FAIL("cut at " << at);
      }
      CHECK(cut(shape, text, [] { return 1; }) == whole);
      CHECK(cut(shape, text, [size = 0]() mutable { return size++ % 7; }) == whole);
    }
  }
}

TEST_CASE("random bodies in random chunks have the same parts") {
  std::mt19937 random(1);
  const std::string alphabet = "{}[]\"\\,:a \n{}\"{}";
  for (int round = 0; round < 3000; ++round) {
    const auto shape = round % 2 == 0 ? Shape::stream : Shape::list;
    std::string text = shape == Shape::stream ? "{" : R"({"items":[{)";
    for (unsigned i = random() % 400; i > 0; --i) text += alphabet[random() % alphabet.size()];
    const Cut whole = cut_whole(shape, text);
    const Cut found = cut(shape, text, [&] { return random() % 150; });
    CAPTURE(text);
    CHECK(found == whole);
  }
}

TEST_CASE("a visit that returns false ends it") {
  JsonSplitter splitter(Shape::stream);
  int visits = 0;
  const auto stop = [&](const JsonPart&) { return ++visits < 2; };
  const auto more = splitter.feed("{}{}{}{}", stop);
  REQUIRE(more);
  CHECK_FALSE(*more);
  CHECK(visits == 2);
  CHECK_FALSE(splitter.feed("{}", stop).value());
  CHECK(visits == 2);
}

TEST_CASE("of an oversized value only the start is visited, and the next one is read") {
  const std::string filler(1U << 20U, 'x');
  JsonSplitter splitter(Shape::stream);
  std::vector<Part> parts;
  const auto visit = [&](const JsonPart& part) {
    parts.push_back({part.kind, std::string(part.text)});
    return true;
  };
  REQUIRE(splitter.feed(R"({"small":1}{"large":")", visit));
  for (int i = 0; i < 40; ++i) REQUIRE(splitter.feed(filler, visit));
  REQUIRE(splitter.feed(R"("}{"next":2})", visit));
  REQUIRE(parts.size() == 3);
  CHECK(parts[0] == Part{Kind::value, R"({"small":1})"});
  CHECK(parts[1].kind == Kind::oversized);
  CHECK(parts[1].text == R"({"large":")" + std::string((64U << 10U) - 10, 'x'));
  CHECK(parts[2] == Part{Kind::value, R"({"next":2})"});
}

TEST_CASE("the largest value that is kept, in one chunk and in many, and one byte more") {
  const std::string most = R"({"a":")" + std::string(kMaxJsonValueBytes - 8, 'x') + R"("})";
  const std::string more = R"({"a":")" + std::string(kMaxJsonValueBytes - 7, 'x') + R"("})";
  for (const std::size_t chunk : {std::size_t{1} << 30U, std::size_t{100'000}}) {
    const Cut fits = cut(Shape::stream, most, [&] { return chunk; });
    REQUIRE(fits.parts.size() == 1);
    CHECK(fits.parts[0].kind == Kind::value);
    CHECK((fits.parts[0].text == most));
    const Cut large = cut(Shape::stream, more + std::string(100, ' '), [&] { return chunk; });
    REQUIRE(large.parts.size() == 1);
    CHECK(large.parts[0].kind == Kind::oversized);
    CHECK((large.parts[0].text == more.substr(0, 64U << 10U)));
  }
}

TEST_CASE("a list with too much text around its items is refused") {
  JsonSplitter splitter(Shape::list);
  const auto visit = [](const JsonPart&) { return true; };
  REQUIRE(splitter.feed(R"({"metadata":")", visit));
  const std::string filler(500'000, 'x');
  CHECK(splitter.feed(filler, visit));
  CHECK(splitter.feed(filler, visit));
  CHECK_FALSE(splitter.feed(filler, visit));
}

}  // namespace selvage::k8s_client

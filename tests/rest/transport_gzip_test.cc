#include <zlib.h>

#include <catch2/catch.hpp>
#include <cerrno>

#include "tests/rest/transport_fixture.h"

namespace selvage::k8s_client {
namespace {

std::string gzip(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

constexpr const char* kGzip = "Content-Encoding: gzip\r\n";

/// What a GET that may be answered compressed comes to.
Result<void> get_from(const std::string& bytes, KeepingSink& sink) {
  HttpServer server(always(bytes));
  auto request = request_for("/");
  request.compressed = true;
  return open_transport(config_for(server))->get(request, sink);
}

std::string lines() {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  return text;
}

TEST_CASE("a compressed body reaches the sink unpacked") {
  const std::string text = GENERATE(std::string(), std::string("short"), lines(), std::string(65'536, 'x'));
  const std::string packed = gzip(text);
  std::string bytes = answer(packed, "200 OK", kGzip);
  SECTION("with its length") {}
  SECTION("byte by byte") {
    if (packed.size() > 10'000) return;
    bytes = "HTTP/1.1 200 OK\r\ncontent-encoding: GZip\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const char c : packed) bytes += chunk(std::string(1, c));
    bytes += kLastChunk;
  }
  KeepingSink sink;
  REQUIRE(get_from(bytes, sink));
  CHECK(sink.text == text);
}

TEST_CASE("several members are one body") {
  KeepingSink sink;
  REQUIRE(get_from(answer(gzip("first") + gzip("") + gzip("second"), "200 OK", kGzip), sink));
  CHECK(sink.text == "firstsecond");
}

TEST_CASE("an empty body that is declared as compressed is empty") {
  KeepingSink sink;
  REQUIRE(get_from(answer("", "200 OK", kGzip), sink));
  CHECK(sink.text.empty());
}

TEST_CASE("an error's body may be compressed too") {
  KeepingSink sink;
  REQUIRE(get_from(answer(gzip("gone"), "410 Gone", kGzip), sink));
  CHECK(sink.status == 410);
  CHECK(sink.text == "gone");
}

TEST_CASE("a compressed body that is cut short or damaged is no success") {
  const std::string packed = gzip("a text that is long enough");
  std::string damaged = packed;
  damaged[damaged.size() - 6] ^= 1;  // in the checksum
  const std::string body =
      GENERATE_COPY(packed.substr(0, 1), packed.substr(0, packed.size() / 2), packed.substr(0, packed.size() - 1),
                    damaged, packed + "more", packed + packed.substr(0, 12), std::string("no gzip at all"));
  KeepingSink sink;
  const auto got = get_from(answer(body, "200 OK", kGzip), sink);
  REQUIRE_FALSE(got);
  CHECK(got.error().code == EPROTO);
}

TEST_CASE("other encodings are refused, identity is none") {
  KeepingSink plain;
  REQUIRE(get_from(answer("plain", "200 OK", "Content-Encoding: identity\r\n"), plain));
  CHECK(plain.text == "plain");
  for (const char* encoding : {"deflate", "br", "zstd", "gzip, gzip"}) {
    KeepingSink sink;
    const auto got = get_from(answer("?", "200 OK", std::string("Content-Encoding: ") + encoding + "\r\n"), sink);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == EPROTO);
    CHECK(sink.text.empty());
  }
}

TEST_CASE("a body compressed a thousandfold comes in small pieces, and can be left at any") {
  const std::string packed = gzip(std::string(64UL << 20U, '\0'));
  std::size_t received = 0;
  std::size_t largest = 0;
  KeepingSink sink;
  sink.on_body = [&](std::string_view bytes) {
    received += bytes.size();
    largest = std::max(largest, bytes.size());
    sink.text.clear();
    return received < (1U << 20U);
  };
  REQUIRE(get_from(answer(packed, "200 OK", kGzip), sink));
  CHECK(largest <= 65'536);
  CHECK(received < (2U << 20U));
}

}  // namespace
}  // namespace selvage::k8s_client

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/cluster/tls_stream.h"

namespace selvage::testing {

/// Reads up to the empty line that ends a head; what came after it stays in `rest`. Nothing where the stream ends.
std::optional<std::string> read_head(TlsStream& stream, std::string& rest);

/// The value of a header of a head, its name in small letters; empty where it is absent.
std::string header(const std::string& head, const std::string& name);
/// The head without these headers (small letters).
std::string without_headers(const std::string& head, const std::vector<std::string>& names);

/// Takes the framing off a response's body (RFC 9112, 6): chunks, Content-Length or the end of the connection.
class BodyReader {
 public:
  explicit BodyReader(const std::string& head);

  /// What `bytes` add to the body.
  std::string take(std::string bytes);
  /// The body is whole.
  [[nodiscard]] bool done() const { return done_; }
  /// Whether it is when the connection ends now.
  [[nodiscard]] bool done_by_end() const { return done_ || (!chunked_ && !left_); }

 private:
  std::string take_chunks();

  bool chunked_;
  std::optional<std::size_t> left_;  ///< of the body, or of the chunk
  std::string raw_;                  ///< not yet understood
  bool done_ = false;
};

/// `bytes`, not empty, as one chunk.
std::string as_chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

}  // namespace selvage::testing

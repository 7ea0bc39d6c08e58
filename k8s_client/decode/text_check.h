#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace selvage::k8s_client {

/// What makes a text no YAML at all, and where.
struct TextFault {
  std::size_t line = 0;  ///< 1-based
  std::string message;
};

/// Finds what the YAML library would read wrongly or choke on: invalid UTF-8 (RFC 3629), control
/// characters (the library takes U+0004 for the end of the file), a carriage return that ends a line
/// alone, and flow collections nested so deep that its look-ahead would eat the memory.
[[nodiscard]] std::optional<TextFault> find_text_fault(std::string_view text);

/// A part of a file between document markers ("---").
struct Chunk {
  std::string_view text;
  std::size_t first_line = 1;  ///< in the file, 1-based
};

/// Cuts before each "---" that starts a line, as kubectl does: so one document that cannot be parsed
/// does not take the others with it. A byte order mark is left out.
[[nodiscard]] std::vector<Chunk> split_documents(std::string_view text);

/// Whether the text is one that starts as JSON objects and arrays do.
[[nodiscard]] bool looks_like_json(std::string_view text);

/// JSON with its surrogate pairs ("\ud83d\ude00", RFC 8259 section 7) written as YAML's "\U0001f600",
/// which is all of JSON that the YAML library does not read. Lines stay where they are.
[[nodiscard]] std::string fold_surrogates(std::string_view json);

}  // namespace selvage::k8s_client

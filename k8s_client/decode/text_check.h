#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace selvage::k8s_client {

/// Why a text is not YAML at all, and where.
struct TextFault {
  std::size_t line = 0;  ///< 1-based
  std::string message;
};

/// Finds text that the YAML library would misread or fail on: invalid UTF-8 (RFC 3629), control characters (U+0004 ends
/// the file for the library), a carriage return alone as the end of a line, and flow collections nested so deep that
/// its look-ahead would use up the memory.
[[nodiscard]] std::optional<TextFault> find_text_fault(std::string_view text);

/// A part of a file between document markers ("---").
struct Chunk {
  std::string_view text;
  std::size_t first_line = 1;  ///< in the file, 1-based
};

/// Splits before each "---" at the start of a line, as kubectl does, so that a document that cannot be parsed does not
/// affect the others. Drops a byte order mark.
[[nodiscard]] std::vector<Chunk> split_documents(std::string_view text);

/// Whether the text starts like a JSON object or array.
[[nodiscard]] bool looks_like_json(std::string_view text);

/// Replaces JSON's surrogate pairs ("\ud83d\ude00", RFC 8259 section 7) by YAML's "\U0001f600": the only part of JSON
/// that the YAML library does not read. Keeps all line numbers.
[[nodiscard]] std::string fold_surrogates(std::string_view json);

}  // namespace selvage::k8s_client

#include "tests/cluster/http_body.h"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace selvage::testing {
namespace {

constexpr std::string_view kEndOfLine = "\r\n";

/// The line's name in small letters, before the colon.
std::string name_of(const std::string& line) {
  std::string name = line.substr(0, line.find(':'));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

/// The lines of a head, its first one included, the empty one not.
std::vector<std::string> lines_of(const std::string& head) {
  std::vector<std::string> lines;
  for (std::size_t at = 0, end = 0; (end = head.find(kEndOfLine, at)) != std::string::npos; at = end + 2)
    if (end > at) lines.push_back(head.substr(at, end - at));
  return lines;
}

}  // namespace

std::optional<std::string> read_head(TlsStream& stream, std::string& rest) {
  for (;;) {
    if (const std::size_t end = rest.find("\r\n\r\n"); end != std::string::npos) {
      std::string head = rest.substr(0, end + 4);
      rest.erase(0, end + 4);
      return head;
    }
    const auto more = stream.read();
    if (!more) return std::nullopt;
    rest += *more;
  }
}

std::string header(const std::string& head, const std::string& name) {
  for (const std::string& line : lines_of(head)) {
    if (name_of(line) != name) continue;
    const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

std::string without_headers(const std::string& head, const std::vector<std::string>& names) {
  std::string rest;
  for (const std::string& line : lines_of(head))
    if (std::find(names.begin(), names.end(), name_of(line)) == names.end()) rest += line + "\r\n";
  return rest + "\r\n";
}

BodyReader::BodyReader(const std::string& head) : chunked_(header(head, "transfer-encoding") == "chunked") {
  const std::string length = header(head, "content-length");
  if (!chunked_ && !length.empty()) left_ = std::stoul(length);
  done_ = left_ == 0U;
}

std::string BodyReader::take(std::string bytes) {
  if (chunked_) {
    raw_ += bytes;
    return take_chunks();
  }
  if (!left_) return bytes;
  bytes.resize(std::min(bytes.size(), *left_));
  *left_ -= bytes.size();
  done_ = *left_ == 0;
  return bytes;
}

std::string BodyReader::take_chunks() {
  std::string body;
  while (!done_) {
    if (!left_) {
      const std::size_t end = raw_.find(kEndOfLine);
      if (end == std::string::npos) break;
      left_ = std::stoul(raw_.substr(0, end), nullptr, 16);
      raw_.erase(0, end + kEndOfLine.size());
    }
    // A chunk, and the end of its line.
    if (raw_.size() < *left_ + kEndOfLine.size()) break;
    body += raw_.substr(0, *left_);
    done_ = *left_ == 0;
    raw_.erase(0, *left_ + kEndOfLine.size());
    left_.reset();
  }
  return body;
}

std::string as_chunk(std::string_view bytes) {
  std::ostringstream chunk;
  chunk << std::hex << bytes.size() << kEndOfLine << bytes << kEndOfLine;
  return chunk.str();
}

}  // namespace selvage::testing

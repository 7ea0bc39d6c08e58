#include "controller/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/utf8.h"

namespace selvage::controller {
namespace {

/// The message so that it stays one line of valid UTF-8, whatever is in it: names come from users.
/// Control characters are escaped, bytes that are no UTF-8 become U+FFFD; as the inside of a JSON
/// string (RFC 8259, section 7) quotes and backslashes are escaped as well.
class EscapedMessage : public spdlog::custom_flag_formatter {
 public:
  explicit EscapedMessage(bool quotes) : quotes_(quotes) {}

  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& out) override {
    std::string_view text(message.payload.data(), message.payload.size());
    while (!text.empty()) {
      const std::size_t length = utf8_length(text);
      append(length == 0 ? "\uFFFD" : text.substr(0, length), out);
      text.remove_prefix(std::max<std::size_t>(length, 1));
    }
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>(quotes_);
  }

 private:
  void append(std::string_view character, spdlog::memory_buf_t& out) const {
    if (is_control(character)) {
      const auto last = static_cast<unsigned char>(character.back());  // of C1 as well, the code point
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(last));
      return;
    }
    if (quotes_ && (character == "\"" || character == "\\")) out.push_back('\\');
    out.append(character);
  }

  bool quotes_;
};

}  // namespace

void set_up_log(LogFormat format, bool debug) {
  auto logger = std::make_shared<spdlog::logger>("selvage", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (format == LogFormat::json) {
    formatter->add_flag<EscapedMessage>('*', true).set_pattern(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"})");
  } else {
    formatter->add_flag<EscapedMessage>('*', false).set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %*");
  }
  logger->set_formatter(std::move(formatter));
  logger->set_level(debug ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace selvage::controller

#include "controller/output/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "controller/output/escape.h"
#include "controller/output/json.h"

namespace selvage::controller {
namespace {

/// Members of the line that this thread writes; nullptr: none.
thread_local const std::string* extra_members = nullptr;

/// The message as one line; in a JSON log a string with its quotes.
class EscapedMessage : public spdlog::custom_flag_formatter {
 public:
  explicit EscapedMessage(LogFormat format) : format_(format) {}

  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& out) override {
    const std::string payload(message.payload.data(), message.payload.size());
    const std::string text = format_ == LogFormat::json ? to_line(payload) : escaped(payload);
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>(format_);
  }

 private:
  LogFormat format_;
};

/// The members behind the message, if any. They do not pass through the message, so that text in messages, which users
/// can influence, never becomes a member.
class ExtraMembers : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& /*message*/, const std::tm& /*time*/,
              spdlog::memory_buf_t& out) override {
    if (extra_members == nullptr || extra_members->empty()) return;
    out.push_back(',');
    out.append(extra_members->data(), extra_members->data() + extra_members->size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<ExtraMembers>();
  }
};

}  // namespace

void set_up_log(LogFormat format, bool debug) {
  auto logger = std::make_shared<spdlog::logger>("selvage", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  if (format == LogFormat::json) {
    formatter->add_flag<EscapedMessage>('*', format)
        .add_flag<ExtraMembers>('~')
        .set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":%*%~})");
  } else {
    formatter->add_flag<EscapedMessage>('*', format).set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %*");
  }
  logger->set_formatter(std::move(formatter));
  logger->set_level(debug ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_info(std::string_view message, const std::string& members) {
  extra_members = &members;
  spdlog::info("{}", message);
  extra_members = nullptr;
}

}  // namespace selvage::controller

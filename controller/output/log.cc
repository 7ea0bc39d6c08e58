#include "controller/output/log.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "controller/output/escape.h"

namespace selvage::controller {
namespace {

/// The members of the line that this thread is writing; nullptr: it has none.
thread_local const std::string* extra_members = nullptr;

/// The message as one line.
class EscapedMessage : public spdlog::custom_flag_formatter {
 public:
  explicit EscapedMessage(bool quotes) : quotes_(quotes) {}

  void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& out) override {
    const std::string text = escaped({message.payload.data(), message.payload.size()}, quotes_);
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<EscapedMessage>(quotes_);
  }

 private:
  bool quotes_;
};

/// The members behind the message, where there are any. They come past the message, not in it: what users write into
/// messages must never become members.
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
    formatter->add_flag<EscapedMessage>('*', true).add_flag<ExtraMembers>('~').set_pattern(
        R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"%~})");
  } else {
    formatter->add_flag<EscapedMessage>('*', false).set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %-7l %*");
  }
  logger->set_formatter(std::move(formatter));
  logger->set_level(debug ? spdlog::level::debug : spdlog::level::info);
  logger->flush_on(spdlog::level::info);
  spdlog::set_default_logger(std::move(logger));
}

void log_info(std::string_view message, const JsonMembers& members) {
  extra_members = &members.text();
  spdlog::info("{}", message);
  extra_members = nullptr;
}

}  // namespace selvage::controller

#include <spdlog/spdlog.h>

#include "controller/output/json.h"
#include "controller/output/text_table.h"
#include "controller/preflight/preflight.h"

namespace selvage::controller {
namespace {

Json json_of(const PreflightItem& item) {
  return {{"name", item.name},
          {"state", to_string(item.state)},
          {"seen", item.seen},
          {"fix", item.fix},
          {"enforcement", item.enforcement ? "incomplete" : "unaffected"}};
}

spdlog::level::level_enum level_of(CheckState state) {
  if (state == CheckState::failed) return spdlog::level::err;
  return state == CheckState::warning ? spdlog::level::warn : spdlog::level::debug;
}

}  // namespace

const char* to_string(CheckState state) {
  switch (state) {
    case CheckState::ok:
      return "ok";
    case CheckState::info:
      return "info";
    case CheckState::warning:
      return "warning";
    case CheckState::failed:
      return "failed";
    case CheckState::unknown:
      return "unknown";
  }
  return "unknown";
}

std::string log_text(const PreflightItem& item) {
  return "preflight: " + item.name + ": " + item.seen + (item.fix.empty() ? "" : "; " + item.fix);
}

void log_preflight(const PreflightReport& report) {
  for (const auto& item : report.items) spdlog::log(level_of(item.state), "{}", log_text(item));
}

std::string to_table(const PreflightReport& report, std::optional<std::size_t> width) {
  std::vector<TextRow> rows = {{"CHECK", "STATE", "SEEN"}};
  for (const auto& item : report.items) {
    rows.push_back({item.name, to_string(item.state), item.seen + (item.fix.empty() ? "" : "\nfix: " + item.fix)});
  }
  return text_table(rows, width);
}

std::string to_json(const PreflightReport& report) {
  Json items = Json::array();
  for (const auto& item : report.items) items.push_back(json_of(item));
  return to_line({{"failed", report.failed()}, {"items", items}});
}

}  // namespace selvage::controller

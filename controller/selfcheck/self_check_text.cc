#include <spdlog/spdlog.h>

#include "controller/output/counted.h"
#include "controller/output/json.h"
#include "controller/selfcheck/self_check.h"
#include "policy/explain/explain_text.h"

namespace selvage::controller {
namespace {

std::string flow_text(const policy::FlowKey& flow) {
  return fmt::format("{} > {} {}{}", flow.source.to_string(), flow.destination.to_string(),
                     policy::protocol_name(flow.protocol),
                     flow.destination_port == 0 ? "" : fmt::format(" {}", flow.destination_port));
}

/// "2 elements unexpected in inet selvage: ..., ..."
std::string line_of(const nft::DifferenceKey& key, const nft::DifferenceCount& found) {
  return fmt::format("{} {} in {} {}: {}{}", counted(found.count, nft::to_string(key.kind)),
                     nft::to_string(key.deviation), nft::to_string(key.table.family), key.table.name,
                     fmt::join(found.examples, ", "), found.count > found.examples.size() ? ", ..." : "");
}

/// The trace on one line.
std::string line_of(const WrongVerdict& wrong) {
  std::string trace = wrong.trace;
  for (auto at = trace.find('\n'); at != std::string::npos; at = trace.find('\n', at)) trace.replace(at, 1, "; ");
  return fmt::format("{} {}, {} says otherwise: {}", flow_text(wrong.flow), wrong.passes ? "passes" : "is dropped",
                     wrong.judge, trace);
}

Json json_of(const nft::DifferenceKey& key, const nft::DifferenceCount& found) {
  return {{"family", nft::to_string(key.table.family)}, {"table", key.table.name}, {"kind", nft::to_string(key.kind)},
          {"deviation", nft::to_string(key.deviation)}, {"count", found.count},    {"examples", found.examples}};
}

Json json_of(const WrongVerdict& wrong) {
  return {{"source", wrong.flow.source.to_string()},
          {"destination", wrong.flow.destination.to_string()},
          {"protocol", policy::protocol_name(wrong.flow.protocol)},
          {"port", wrong.flow.destination_port},
          {"verdict", wrong.passes ? "accept" : "drop"},
          {"judge", wrong.judge},
          {"trace", wrong.trace}};
}

}  // namespace

std::vector<std::string> lines_of(const SelfCheckReport& report) {
  std::vector<std::string> lines;
  for (const auto& [key, found] : report.differences) lines.push_back(line_of(key, found));
  for (const auto& wrong : report.wrong) lines.push_back(line_of(wrong));
  if (report.wrong_flows > 0) {
    lines.push_back(fmt::format("{} of {} flows sampled with seed {} are treated wrongly", report.wrong_flows,
                                report.flows, report.seed));
  }
  return lines;
}

void log_self_check(const SelfCheckReport& report) {
  for (const auto& line : lines_of(report)) spdlog::error("self-check: {}", line);
  if (report.divergent() == 0)
    spdlog::debug("self-check: the tables are as they should be ({})", counted(report.flows, "sampled flow"));
}

std::string to_json(const SelfCheckReport& report) {
  Json differences = Json::array();
  for (const auto& [key, found] : report.differences) differences.push_back(json_of(key, found));
  Json wrong = Json::array();
  for (const auto& verdict : report.wrong) wrong.push_back(json_of(verdict));
  return to_line({{"divergent", report.divergent()},
                  {"seed", report.seed},
                  {"flows", report.flows},
                  {"wrong_flows", report.wrong_flows},
                  {"differences", differences},
                  {"wrong", wrong}});
}

}  // namespace selvage::controller

#include <spdlog/spdlog.h>

#include "controller/output/counted.h"
#include "controller/output/json_members.h"
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

template <class Range, class Members>
std::string array_of(const Range& range, Members members) {
  std::string text;
  for (const auto& entry : range) text += (text.empty() ? "{" : ",{") + members(entry).text() + "}";
  return "[" + text + "]";
}

JsonMembers members_of(const std::pair<const nft::DifferenceKey, nft::DifferenceCount>& entry) {
  JsonMembers members;
  members.add("family", nft::to_string(entry.first.table.family)).add("table", entry.first.table.name);
  members.add("kind", nft::to_string(entry.first.kind)).add("deviation", nft::to_string(entry.first.deviation));
  members.add("count", std::uint64_t{entry.second.count}).add("examples", entry.second.examples);
  return members;
}

JsonMembers members_of(const WrongVerdict& wrong) {
  JsonMembers members;
  members.add("source", wrong.flow.source.to_string()).add("destination", wrong.flow.destination.to_string());
  members.add("protocol", policy::protocol_name(wrong.flow.protocol));
  members.add("port", std::uint64_t{wrong.flow.destination_port}).add("verdict", wrong.passes ? "accept" : "drop");
  members.add("judge", wrong.judge).add("trace", wrong.trace);
  return members;
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
  JsonMembers members;
  members.add("divergent", std::uint64_t{report.divergent()})
      .add("seed", report.seed)
      .add("flows", std::uint64_t{report.flows});
  members.add("wrong_flows", std::uint64_t{report.wrong_flows});
  const auto any = [](const auto& entry) { return members_of(entry); };
  return "{" + members.text() + ",\"differences\":" + array_of(report.differences, any) +
         ",\"wrong\":" + array_of(report.wrong, any) + "}";
}

}  // namespace selvage::controller

#include "cli/status_text.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <vector>

namespace selvage::cli {
namespace {

using Row = std::vector<std::string>;

std::string text_of(const YAML::Node& node) { return node ? node.as<std::string>() : "-"; }

std::string joined(const YAML::Node& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + item.as<std::string>();
  return text.empty() ? "-" : text;
}

/// Columns as wide as their widest cell, two spaces between, as kubectl prints them.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const bool last = i + 1 == row.size();
      text += row[i] + (last ? "\n" : std::string(widths[i] - row[i].size() + 2, ' '));
    }
  }
  return text;
}

std::string checks(const YAML::Node& status) {
  if (status["ready"].as<bool>()) return "yes";
  std::string text = "no";
  for (const auto& check : status["checks"]) {
    for (const auto& reason : check["reasons"]) text += "\n  " + text_of(check["check"]) + ": " + text_of(reason);
  }
  return text;
}

std::string blind(const YAML::Node& resources) {
  std::string text;
  for (const auto& resource : resources) {
    text += "\n  " + text_of(resource.first) + ": nothing heard for " + text_of(resource.second) + " s";
  }
  return text;
}

/// "prod/a, prod/b (staged: 12 packets)".
std::string policies(const YAML::Node& direction) {
  std::string text = joined(direction["policies"]);
  if (!direction["staged_policies"]) return text;
  return (text == "-" ? "" : text + ", ") + joined(direction["staged_policies"]) +
         " (staged: " + text_of(direction["staged_packets"]) + " packets)";
}

Row pod_row(const YAML::Node& pod) {
  Row row = {text_of(pod["pod"]), joined(pod["addresses"])};
  for (const char* direction : {"ingress", "egress"}) row.push_back(policies(pod[direction]));
  for (const char* direction : {"ingress", "egress"}) row.push_back(text_of(pod[direction]["denied_packets"]));
  return row;
}

std::string screen(const YAML::Node& status) {
  const YAML::Node objects = status["objects"];
  std::string text = table({{"Node:", text_of(status["node"])},
                            {"Version:", text_of(status["version"])},
                            {"Source:", text_of(status["source"]) + blind(status["stale_seconds"])},
                            {"Objects:", text_of(objects["pods"]) + " pods, " + text_of(objects["namespaces"]) +
                                             " namespaces, " + text_of(objects["policies"]) + " policies"},
                            {"Last sync:", text_of(status["last_sync"])},
                            {"Pending:", text_of(status["pending_changes"])},
                            {"Tables:", text_of(status["tables"])},
                            {"Ready:", checks(status)}});
  std::vector<Row> rows = {
      {"POD", "ADDRESSES", "INGRESS POLICIES", "EGRESS POLICIES", "DENIED INGRESS", "DENIED EGRESS"}};
  for (const auto& pod : status["pods"]) rows.push_back(pod_row(pod));
  return text + "\n" + (rows.size() > 1 ? table(rows) : "No pods of this node have an address.\n");
}

}  // namespace

Result<std::string> status_text(const std::string& json) {
  try {
    return screen(YAML::Load(json));
  } catch (const YAML::Exception& error) {
    return fail(std::string("the agent's answer is not understood: ") + error.what());
  }
}

}  // namespace selvage::cli

#include "cli/status_text.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "controller/output/text_table.h"

namespace selvage::cli {
namespace {

using Json = nlohmann::ordered_json;

/// A string as it is, a number in digits.
std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

/// "1 policy", "2 policies".
std::string counted(const Json& number, const char* one, const char* many) {
  return text_of(number) + " " + (number == 1 ? one : many);
}

std::string joined(const Json& list) {
  std::string text;
  for (const auto& item : list) text += (text.empty() ? "" : ", ") + text_of(item);
  return text;
}

std::string objects(const Json& count) {
  return counted(count.at("pods"), "pod", "pods") + ", " + counted(count.at("namespaces"), "namespace", "namespaces") +
         ", " + counted(count.at("policies"), "policy", "policies");
}

std::string source(const Json& status) {
  std::string text = text_of(status.at("source"));
  for (const auto& [resource, seconds] : status.at("stale_seconds").items())
    text += "\n" + resource + ": stale for " + text_of(seconds) + " s";
  return text;
}

std::string readiness(const Json& status) {
  if (status.at("ready").get<bool>()) return "yes";
  std::string text = "no";
  for (const auto& check : status.at("checks")) {
    for (const auto& reason : check.at("reasons")) text += "\n" + text_of(check.at("check")) + ": " + text_of(reason);
  }
  return text;
}

std::string addresses(const Json& pod) {
  const std::string text = joined(pod.at("addresses"));
  if (pod.at("host_network").get<bool>()) return text + (text.empty() ? "" : " ") + "(host network)";
  return text.empty() ? "none yet" : text;
}

/// "prod/a, prod/b", or "none: open"; behind it "staged: prod/c (12 packets)".
std::string policies(const Json& pod, const char* direction) {
  if (pod.at("host_network").get<bool>()) return "not applicable";
  const Json& state = pod.at(direction);
  const std::string enforced = joined(state.at("policies"));
  const std::string text = enforced.empty() ? "none: open" : enforced;
  if (!state.contains("staged_policies")) return text;
  return text + "\nstaged: " + joined(state.at("staged_policies")) + " (" +
         counted(state.at("staged_packets"), "packet", "packets") + ")";
}

std::string denied(const Json& pod, const char* direction) {
  const Json& state = pod.at(direction);
  return state.contains("denied_packets") ? text_of(state.at("denied_packets")) : "-";
}

/// The pods in blocks of lines, for terminals that are too narrow for a table.
std::string pod_blocks(const std::vector<controller::TextRow>& rows, std::size_t width) {
  std::string text;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    std::vector<controller::TextRow> block;
    for (std::size_t column = 0; column < rows[i].size(); ++column)
      block.push_back({rows[0][column] + ":", rows[i][column]});
    text += (i == 1 ? "" : "\n") + controller::text_table(block, width);
  }
  return text;
}

std::string pods_text(const Json& pods, std::optional<std::size_t> width) {
  if (pods.empty()) return "No pods on this node.\n";
  std::vector<controller::TextRow> rows = {
      {"POD", "ADDRESSES", "INGRESS POLICIES", "EGRESS POLICIES", "DENIED INGRESS", "DENIED EGRESS"}};
  for (const auto& pod : pods) {
    rows.push_back({text_of(pod.at("pod")), addresses(pod), policies(pod, "ingress"), policies(pod, "egress"),
                    denied(pod, "ingress"), denied(pod, "egress")});
  }
  const bool narrow = width && *width < controller::least_width(rows);
  return narrow ? pod_blocks(rows, *width) : controller::text_table(rows, width);
}

std::string screen(const Json& status, std::optional<std::size_t> width) {
  return controller::text_table({{"Node:", text_of(status.at("node"))},
                                 {"Version:", text_of(status.at("version"))},
                                 {"Source:", source(status)},
                                 {"Objects:", objects(status.at("objects"))},
                                 {"Last sync:", text_of(status.at("last_sync"))},
                                 {"Pending:", counted(status.at("pending_changes"), "change", "changes")},
                                 {"Tables:", text_of(status.at("tables"))},
                                 {"Ready:", readiness(status)}},
                                width) +
         "\n" + pods_text(status.at("pods"), width);
}

}  // namespace

Result<std::string> status_text(const std::string& json, std::optional<std::size_t> width) {
  try {
    return screen(Json::parse(json), width);
  } catch (const Json::exception& error) {
    return fail(std::string("cannot read the agent's answer: ") + error.what());
  }
}

}  // namespace selvage::cli

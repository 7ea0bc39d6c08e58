#include "bench/layouts/nft_text.h"

#include <algorithm>
#include <map>

namespace selvage::bench {
namespace {

std::string range_text(const policy::PortMatch::Range& range) {
  const std::string first = std::to_string(range.first);
  return range.first == range.last ? first : first + "-" + std::to_string(range.last);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// A match for each protocol.
std::vector<std::string> port_matches(const FlatRule& rule) {
  if (rule.any_port) return {""};
  std::map<std::string, std::vector<std::string>> ports;
  for (const policy::PortMatch& match : rule.ports) {
    auto& of = ports[lower(policy::to_string(match.protocol))];
    if (const auto* range = std::get_if<policy::PortMatch::Range>(&match.port)) of.push_back(range_text(*range));
  }
  std::vector<std::string> matches;
  for (const auto& [protocol, numbers] : ports) {
    const std::string list = numbers.size() == 1 ? numbers.front() : "{ " + join(numbers, ", ") + " }";
    matches.push_back(numbers.empty() ? "meta l4proto " + protocol + " " : protocol + " dport " + list + " ");
  }
  return matches;
}

}  // namespace

std::string name_of(const std::string& address) {
  std::string name = address;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

std::vector<std::string> matches_of(const FlatRule& rule, const std::string& set, const std::string& side) {
  std::vector<std::string> peers;
  if (rule.any_peer) peers.emplace_back();
  if (!rule.pods.empty()) peers.push_back("ip " + side + " @" + set + " ");
  if (!rule.blocks.empty()) peers.push_back("ip " + side + " @" + set + "_net ");
  std::vector<std::string> matches;
  for (const std::string& peer : peers)
    for (const std::string& port : port_matches(rule)) matches.push_back(peer + port);
  return matches;
}

std::string sets_of(const FlatRule& rule, const std::string& set) {
  std::string text;
  if (!rule.pods.empty()) text += "set " + set + " { type ipv4_addr; elements = { " + join(rule.pods, ", ") + " } }\n";
  if (!rule.blocks.empty())
    text += "set " + set + "_net { type ipv4_addr; flags interval; auto-merge; elements = { " +
            join(rule.blocks, ", ") + " } }\n";
  return text;
}

}  // namespace selvage::bench

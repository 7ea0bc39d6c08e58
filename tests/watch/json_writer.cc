#include <cstdio>
#include <string>

#include "k8s_client/decode/scalar.h"
#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

std::string in_quotes(const std::string& text) {
  std::string json = "\"";
  for (const char c : text) {
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
    json += plain ? std::string(1, c) : std::string(escape);
  }
  return json + "\"";
}

std::string scalar_json(const Node& node) {
  switch (scalar_type(node)) {
    case ScalarType::number:
      return node.text;
    case ScalarType::boolean:
      return is_true(node.text) ? "true" : "false";
    case ScalarType::text:
      break;
  }
  return in_quotes(node.text);
}

}  // namespace

std::string json_of(const Node& node) {
  if (node.kind == Node::Kind::null) return "null";
  if (node.kind == Node::Kind::scalar) return scalar_json(node);
  const bool mapping = node.kind == Node::Kind::mapping;
  std::string json;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const bool key = mapping && i % 2 == 0;
    json += key ? in_quotes(node.children[i].text) + ":" : json_of(node.children[i]) + ",";
  }
  if (!json.empty()) json.pop_back();
  return mapping ? "{" + json + "}" : "[" + json + "]";
}

}  // namespace selvage::k8s_client

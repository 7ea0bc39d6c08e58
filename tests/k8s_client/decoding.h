#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "k8s_client/manifests/manifest.h"
#include "policy/model/model.h"

namespace selvage::k8s_client {

inline Manifests decode(const std::string& text) { return decode_manifests(text, "test.yaml"); }

/// The text with each line indented by `columns`.
inline std::string indent(const std::string& text, std::size_t columns) {
  std::string result;
  bool fresh_line = true;
  for (const char c : text) {
    if (fresh_line && c != '\n') result.append(columns, ' ');
    result.push_back(c);
    fresh_line = c == '\n';
  }
  return result;
}

/// NetworkPolicy prod/p; the first line of `spec` is line 7 of the file.
inline std::string policy_yaml(const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: p\n  namespace: prod\nspec:\n" +
         indent(spec, 2) + "\n";
}

/// An ingress rule of NetworkPolicy prod/p, as one line of flow YAML; it is on line 8.
inline std::string rule_yaml(const std::string& rule) { return policy_yaml("ingress:\n- " + rule); }

inline policy::LabelSelector app(const std::string& value) { return policy::match_labels({{"app", value}}); }

inline std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace selvage::k8s_client

#include "k8s_client/config/kubeconfig_decode.h"

#include <set>
#include <utility>

#include "k8s_client/config/base64.h"
#include "k8s_client/config/kubeconfig_field.h"
#include "k8s_client/decode/text_check.h"
#include "k8s_client/decode/yaml_reader.h"

namespace selvage::k8s_client {
namespace {

Error error_of(const Complaint& complaint, const std::string& file) {
  return {to_string(SourceLocation{file, complaint.line, complaint.field}) + ": " + complaint.message, 0};
}

/// The YAML library's message without the quoted text at the end of some: "bad YAML version: 1.x".
std::string without_quote(const std::string& message) {
  const std::size_t first = message.find(": ");
  return first == std::string::npos ? message : message.substr(0, message.find(": ", first + 2));
}

/// The only document of a file that is not empty; nothing if all are.
Result<std::optional<Node>> read_document(std::string_view text, const std::string& file) {
  const auto fault_of = [&](const TextFault& fault) {
    return fail(to_string(SourceLocation{file, fault.line, ""}) + ": " + without_quote(fault.message));
  };
  if (const auto fault = find_text_fault(text)) return fault_of(*fault);
  std::optional<Node> found;
  for (const Chunk& chunk : split_documents(text)) {
    ChunkDocuments read = read_documents(chunk);
    if (read.fault) return fault_of(*read.fault);
    for (Node& document : read.documents) {
      if (document.kind == Node::Kind::null) continue;
      if (found) return fault_of({document.line, "a second document; a kubeconfig is one"});
      found = std::move(document);
    }
  }
  return found;
}

Context decode_context(const Field& context, const std::string& /*file*/) {
  if (!is_mapping_or_absent(context)) return {};
  const auto cluster = text_of(context["cluster"]);
  const auto user = text_of(context["user"]);
  return {cluster.value_or(""), user.value_or("")};
}

/// The entries of a list of `{name: NAME, INNER: VALUE}`. Nothing, with a complaint, if the list itself is invalid; an
/// invalid value is the fault of its entry.
template <class Value>
std::optional<std::vector<Entry<Value>>> read_entries(const Field& list, std::string_view inner,
                                                      const std::string& file,
                                                      Value (*decode)(const Field&, const std::string&)) {
  const auto items = items_of(list);
  if (!items) return std::nullopt;
  std::set<std::string> names;
  std::vector<Entry<Value>> entries;
  for (const Field& item : *items) {
    const auto name = is_mapping_or_absent(item) ? text_of(item["name"]) : std::nullopt;
    if (!name) return std::nullopt;
    if (!names.insert(*name).second) return item["name"].complain("an earlier entry has the same name; keep one");
    std::optional<Complaint> complaint;
    Entry<Value> entry{*name, {file, item.line(), item.path()}, std::nullopt, {}};
    entry.value = decode(item.reporting_to(complaint)[inner], file);
    if (complaint) entry.fault = error_of(*complaint, file);
    entries.push_back(std::move(entry));
  }
  return entries;
}

bool is_config(const Field& root) {
  const auto kind = is_mapping_or_absent(root) ? text_of(root["kind"]) : std::nullopt;
  const auto version = kind ? text_of(root["apiVersion"]) : std::nullopt;
  if (!version) return false;
  if (!kind->empty() && *kind != "Config") root["kind"].complain("expected Config: is this a kubeconfig?");
  if (!version->empty() && *version != "v1") root["apiVersion"].complain("expected v1");
  return true;
}

}  // namespace

std::string to_string(const SourceLocation& location) {
  std::string text = location.file;
  if (location.line > 0) text += ":" + std::to_string(location.line);
  return location.field.empty() ? text : text + ": " + location.field;
}

PemSource decode_pem_source(const Field& parent, std::string_view name, std::string_view data_name,
                            const std::string& file) {
  const Field path = parent[name];
  const Field data = parent[data_name];
  const auto given_path = text_of(path);
  // Not text_of: base64 may have line breaks.
  std::optional<Complaint> unsafe;
  const auto encoded = data.reporting_to(unsafe).text_or("");
  const auto decoded = encoded ? decode_base64(*encoded) : std::nullopt;
  if (!decoded) data.complain("expected a string of base64 (PEM, encoded once more)");
  if (!given_path || !decoded) return {};
  if (!decoded->empty()) return {{file, data.line(), data.path()}, "", *decoded};
  return {{file, path.line(), path.path()}, *given_path, ""};
}

Result<KubeconfigText> decode_kubeconfig(std::string_view text, const std::string& file) {
  const auto document = read_document(text, file);
  if (!document) return tl::unexpected(document.error());
  if (!*document) return KubeconfigText{file, {}, {}, {}, ""};
  std::optional<Complaint> complaint = find_key_fault(**document);
  const Field root(**document, complaint);
  if (complaint || !is_config(root)) return tl::unexpected(error_of(*complaint, file));
  auto clusters = read_entries(root["clusters"], "cluster", file, decode_cluster);
  auto users = read_entries(root["users"], "user", file, decode_user);
  auto contexts = read_entries(root["contexts"], "context", file, decode_context);
  auto current = text_of(root["current-context"]);
  if (complaint) return tl::unexpected(error_of(*complaint, file));
  return KubeconfigText{file, std::move(*clusters), std::move(*users), std::move(*contexts), std::move(*current)};
}

}  // namespace selvage::k8s_client

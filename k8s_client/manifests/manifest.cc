#include "k8s_client/manifests/manifest.h"

#include <utility>

#include "k8s_client/decode/field.h"
#include "k8s_client/decode/text_check.h"
#include "k8s_client/decode/type_name.h"
#include "k8s_client/decode/yaml_reader.h"

namespace selvage::k8s_client {
namespace {

using policy::ObjectKey;

/// Decodes one file, document by document.
class FileDecoder {
 public:
  explicit FileDecoder(std::string_view file) : file_(file) {}

  void add_fault(const TextFault& fault) {
    result_.complete = false;
    result_.errors.push_back({file_, fault.line, std::nullopt, "", fault.message});
  }

  void add_document(const Node& document) {
    if (document.kind == Node::Kind::null) return;
    std::optional<Complaint> complaint;
    add_object(Field(document, complaint), complaint, {});
  }

  Manifests take() { return std::move(result_); }

 private:
  /// `object` reports to `complaint`.
  void add_object(const Field& object, std::optional<Complaint>& complaint, const TypeName& fallback) {
    if (!object.is_mapping()) return add_error(complaint, std::nullopt);
    const TypedObject typed = read_type(object, fallback);
    switch (typed.use) {
      case TypedObject::Use::skipped:
        if (is_unsupported_policy(typed.type)) ++result_.unsupported[typed.type];
        return add_error(complaint, std::nullopt);
      case TypedObject::Use::list:
        return add_list(object, complaint, item_type(typed.type));
      case TypedObject::Use::object:
        return add_known(*typed.row, object, complaint, !typed.bad);
    }
  }

  void add_list(const Field& list, std::optional<Complaint>& complaint, const TypeName& item_type) {
    const auto items = list["items"].items();
    add_error(complaint, std::nullopt);
    if (!items) return;
    for (const auto& item : *items) {
      std::optional<Complaint> of_item;
      add_object(item.reporting_to(of_item), of_item, item_type);
    }
  }

  /// A bad mode is an error, but the object counts. The error has the object's line, which tells ManifestStore which
  /// document of an object was read.
  void add_known(const ResourceRow& row, const Field& object, std::optional<Complaint>& complaint, bool known_version) {
    const auto identity = row.decode_identity(object);
    if (!identity) return add_error(complaint, std::nullopt);
    const ObjectKey key{row.object_kind, identity->namespace_name, identity->name};
    std::optional<Complaint> of_mode;
    auto decoded = row.decode(object, *identity, known_version, of_mode);
    if (decoded && (!complaint || row.has_fallback)) {
      result_.objects.push_back({std::move(*decoded), object.line(), complaint.has_value()});
    }
    add_error(complaint, key);
    if (!of_mode || complaint) return;
    of_mode->line = object.line();
    add_error(of_mode, key);
  }

  /// Without a key the bad object is unknown. Does nothing without a complaint.
  void add_error(const std::optional<Complaint>& complaint, const std::optional<ObjectKey>& key) {
    if (!complaint) return;
    if (!key) result_.complete = false;
    result_.errors.push_back({file_, complaint->line, key, complaint->field, complaint->message});
  }

  std::string file_;
  Manifests result_;
};

}  // namespace

std::string to_string(const DecodeError& error) {
  std::string text = error.file;
  if (error.line > 0) text += ":" + std::to_string(error.line);
  if (error.object) text += ": " + policy::to_string(*error.object);
  if (!error.field.empty()) text += ": " + error.field;
  return text + ": " + error.message;
}

Manifests decode_manifests(std::string_view text, std::string_view file_name) {
  FileDecoder decoder(file_name);
  if (text.size() > kMaxManifestBytes) {
    decoder.add_fault({0, "the file is larger than 32 MiB; split it"});
    return decoder.take();
  }
  if (const auto fault = find_text_fault(text)) {
    decoder.add_fault(*fault);
    return decoder.take();
  }
  for (const Chunk& chunk : split_documents(text)) {
    const ChunkDocuments read = read_documents(chunk);
    for (const Node& document : read.documents) decoder.add_document(document);
    if (read.fault) decoder.add_fault(*read.fault);
  }
  return decoder.take();
}

}  // namespace selvage::k8s_client

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/utf8.h"
#include "k8s_client/json/json_decoder.h"
#include "k8s_client/json/json_splitter.h"

namespace {

using namespace selvage;
using namespace selvage::k8s_client;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A copy with exactly the required padding.
struct Padded {
  Padded(std::string_view text, char behind) : bytes(new char[text.size() + kJsonPadding]), size(text.size()) {
    std::copy(text.begin(), text.end(), bytes.get());
    std::memset(bytes.get() + size, behind, kJsonPadding);
  }
  [[nodiscard]] std::string_view view() const { return {bytes.get(), size}; }

  std::unique_ptr<char[]> bytes;
  std::size_t size;
};

bool is_line(std::string_view text) { return text.find('\n') == std::string_view::npos; }

/// The result of a body in chunks of one size.
struct Cut {
  std::vector<std::string> parts;
  bool failed = false;
  bool at_end = false;

  friend bool operator==(const Cut&, const Cut&) = default;
};

Cut cut(JsonSplitter::Shape shape, std::string_view body, std::size_t chunk_size) {
  Cut result;
  JsonSplitter splitter(shape);
  const auto visit = [&](const JsonPart& part) {
    require(part.text.front() == '{');
    result.parts.emplace_back(part.text);
    return true;
  };
  while (!body.empty() && !result.failed) {
    const std::string_view part = body.substr(0, chunk_size);
    const std::vector<char> chunk(part.begin(), part.end());
    result.failed = !splitter.feed({chunk.data(), chunk.size()}, visit);
    body.remove_prefix(part.size());
  }
  result.at_end = splitter.at_end();
  return result;
}

void check_object(Resource resource, const ApiObject& object) {
  require(object.error || object.object);
  if (object.error) {
    require(!object.error->object.empty() && !object.error->message.empty());
    require(is_line(to_string(*object.error)));
    require(resource == Resource::network_policies || !object.object);
  }
  if (object.object) require(object.key == policy::key_of(*object.object));
  if (object.key) require(object.key->kind == row_of(resource).object_kind && !object.key->name.empty());
}

void check_same(const ApiObject& a, const ApiObject& b) {
  require(a.key == b.key && a.object == b.object && a.error == b.error && a.resource_version == b.resource_version);
}

void check_status(const ApiStatus& status) {
  require(status.message.size() <= 1024);
  for (std::string_view rest = status.message; !rest.empty();) {
    const std::size_t size = utf8_length(rest);
    require(size > 0 && !is_control(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
}

/// `is_value`: produced by the splitter. Only then brackets match, and the bytes behind the text make no difference.
void check_decoder(std::string_view text, bool is_value) {
  JsonDecoder decoder;
  const Padded zeros(text, '\0');
  const Padded brackets(text, '}');
  for (const ResourceRow& row : resource_rows()) {
    const Resource resource = row.resource;
    const ApiObject object = decoder.decode_object(resource, zeros.view());
    check_object(resource, object);
    const ApiObject other = decoder.decode_object(resource, brackets.view());
    check_object(resource, other);
    if (is_value) check_same(object, other);
    const auto event = decoder.decode_event(resource, zeros.view());
    if (!event) continue;
    check_status(event->status);
    if (event->type <= WatchEvent::Type::deleted) check_object(resource, event->object);
  }
  static_cast<void>(decoder.decode_list_meta(zeros.view()));
  check_status(decoder.decode_status(500, zeros.view()));
}

}  // namespace

/// Any bytes as a body, and as each of its values: no crash, no undefined behaviour, and the contracts
/// of json_splitter.h and json_decoder.h hold. The first byte selects the size of the chunks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const auto shape : {JsonSplitter::Shape::stream, JsonSplitter::Shape::list}) {
    const Cut whole = cut(shape, body, body.size() + 1);
    require(cut(shape, body, data[0] + std::size_t{1}) == whole);
    for (const auto& part : whole.parts) check_decoder(part, true);
  }
  check_decoder(body, false);
  return 0;
}

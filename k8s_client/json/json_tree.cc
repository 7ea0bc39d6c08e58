#include "k8s_client/json/json_tree.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "k8s_client/decode/yaml_reader.h"
#include "k8s_client/json/json_splitter.h"
#include "k8s_client/json/json_text.h"

namespace selvage::k8s_client {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::SUCCESS;

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

/// After larger texts the parser's buffers, which are five times as large, are freed.
constexpr std::size_t kKeptInput = 1U << 20U;
constexpr const char* kNotJson = "not valid JSON";

/// The path of a value, as a chain up to the root.
struct ElementPath {
  const ElementPath* parent = nullptr;
  std::string_view key;
  std::size_t index = 0;  ///< if there is no key
};

std::string path_of(const ElementPath* place) {
  if (place == nullptr) return {};
  const std::string parent = path_of(place->parent);
  if (place->key.data() == nullptr) return parent + "[" + std::to_string(place->index) + "]";
  return parent + (parent.empty() ? "" : ".") + clean_text(place->key, kMaxShownKey);
}

/// RFC 8259 section 6.
bool is_json_number(std::string_view text) {
  const auto take_digits = [&text] {
    const std::size_t count = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(count);
    return count;
  };
  if (text.starts_with('-')) text.remove_prefix(1);
  const bool leading_zero = text.starts_with('0');
  const std::size_t whole = take_digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (take_digits() == 0) return false;
  }
  if (text.empty()) return true;
  if (text.front() != 'e' && text.front() != 'E') return false;
  text.remove_prefix(1);
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  return take_digits() > 0 && text.empty();
}

/// Fills a tree from a parsed document. Readers return false when the rest of the text cannot be read.
class TreeFiller {
 public:
  /// `end` is the end of the text. `replaced`: some bytes of it were replaced by U+FFFD.
  TreeFiller(JsonTree& tree, const char* end, bool replaced) : tree_(tree), end_(end), replaced_(replaced) {}

  bool read_object(ondemand::object object, const JsonShape& shape, Node& node, const ElementPath* place,
                   std::size_t depth) {
    node.kind = Node::Kind::mapping;
    if (shape.is_leaf()) return true;
    for (auto member : object) {
      ondemand::field field;
      if (std::move(member).get(field) != SUCCESS) return stop(place);
      if (!read_member(field, shape, node, place, depth)) return false;
    }
    return true;
  }

 private:
  bool read_member(ondemand::field& field, const JsonShape& shape, Node& node, const ElementPath* place,
                   std::size_t depth) {
    const auto name = read_key(field);
    if (!name && shape.others == JsonShape::Others::left_out) return true;
    const std::string_view key = name.value_or(kReplacement);
    const ElementPath member{place, key};
    if (!name) complain(&member, kNotJson);
    const JsonShape* wanted = shape.find(key);
    if (wanted == nullptr && shape.others == JsonShape::Others::left_out) return true;
    if (!count(&member)) return false;
    if (node.children.empty()) node.children.reserve(2 * shape.member_count);
    Node& key_node = node.children.emplace_back();
    key_node.kind = Node::Kind::scalar;
    key_node.text = key;
    Node& value = node.children.emplace_back();
    return wanted == nullptr || read_value(field.value(), *wanted, value, &member, depth + 1);
  }

  bool read_value(ondemand::value& value, const JsonShape& shape, Node& node, const ElementPath* place,
                  std::size_t depth) {
    ondemand::json_type type{};
    if (value.type().get(type) != SUCCESS) return stop(place);
    switch (type) {
      case ondemand::json_type::string:
        return read_string(value, node, place);
      case ondemand::json_type::object:
      case ondemand::json_type::array:
        return read_collection(value, type, shape, node, place, depth);
      default:
        return read_token(value.raw_json_token(), node, place);
    }
  }

  bool read_collection(ondemand::value& value, ondemand::json_type type, const JsonShape& shape, Node& node,
                       const ElementPath* place, std::size_t depth) {
    if (depth >= kMaxDepth) return refuse(node, place, "nested deeper than 200 levels");
    if (type == ondemand::json_type::object) {
      ondemand::object object;
      return value.get_object().get(object) == SUCCESS ? read_object(object, shape, node, place, depth) : stop(place);
    }
    ondemand::array array;
    return value.get_array().get(array) == SUCCESS ? read_array(array, shape, node, place, depth) : stop(place);
  }

  bool read_array(ondemand::array array, const JsonShape& shape, Node& node, const ElementPath* place,
                  std::size_t depth) {
    node.kind = Node::Kind::sequence;
    if (shape.is_leaf()) return true;
    for (auto element : array) {
      const ElementPath item{place, {}, node.children.size()};
      ondemand::value value;
      // NOLINTNEXTLINE(performance-move-const-arg): get() is for rvalues only
      if (std::move(element).get(value) != SUCCESS) return stop(&item);
      if (!count(&item)) return false;
      if (!read_value(value, shape, node.children.emplace_back(), &item, depth + 1)) return false;
    }
    return true;
  }

  bool read_string(ondemand::value& value, Node& node, const ElementPath* place) {
    const std::string_view token = value.raw_json_token();
    auto text = text_before_quote(token.data() + 1, token.data() + token.size());
    if (!text) text = unescaped(value.get_string());
    if (!text) return refuse(node, place, kNotJson);
    node.kind = Node::Kind::scalar;
    node.text = *text;
    if (replaced_ && text->find(kReplacement) != std::string_view::npos) {
      complain(place, "not valid UTF-8, or a control character that is not escaped");
    }
    return true;
  }

  std::optional<std::string_view> read_key(ondemand::field& field) const {
    const auto name = text_before_quote(field.key().raw(), end_);
    return name ? name : unescaped(field.unescaped_key());
  }

  /// The text up to the next quote; nothing if it has a backslash and must be unescaped.
  static std::optional<std::string_view> text_before_quote(const char* start, const char* end) {
    const void* quote = std::memchr(start, '"', static_cast<std::size_t>(end - start));
    if (quote == nullptr) return std::nullopt;
    const std::string_view text(start, static_cast<std::size_t>(static_cast<const char*>(quote) - start));
    if (text.find('\\') != std::string_view::npos) return std::nullopt;
    return text;
  }

  /// The unescaped text; nothing if an escape is invalid (a lone surrogate, "\ud800").
  static std::optional<std::string_view> unescaped(simdjson::simdjson_result<std::string_view> result) {
    std::string_view text;
    if (std::move(result).get(text) != SUCCESS) return std::nullopt;
    return text;
  }

  /// A number, true, false, null.
  bool read_token(std::string_view token, Node& node, const ElementPath* place) {
    const std::string_view text = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
    if (text == "null") return true;
    if (text != "true" && text != "false" && !is_json_number(text)) return refuse(node, place, kNotJson);
    node.kind = Node::Kind::scalar;
    node.plain = true;
    node.text = text;
    return true;
  }

  bool count(const ElementPath* place) {
    if (++nodes_ <= kMaxJsonNodes) return true;
    complain(place, "more than 500,000 values");
    return tree_.whole = false;
  }

  bool stop(const ElementPath* place) {
    complain(place, kNotJson);
    return tree_.whole = false;
  }

  /// Refuses a value behind which the text can be read.
  bool refuse(Node& node, const ElementPath* place, const char* why) {
    complain(place, why);
    node.kind = Node::Kind::scalar;
    node.text = kReplacement;
    return true;
  }

  void complain(const ElementPath* place, const char* why) {
    if (!tree_.fault) tree_.fault = Complaint{0, path_of(place), why};
  }

  JsonTree& tree_;
  const char* end_;
  bool replaced_;
  std::size_t nodes_ = 0;
};

}  // namespace

struct JsonTreeReader::Impl {
  ondemand::parser parser;
  JsonTree tree;

  /// Reads an object as far as possible. `text` is followed by padding.
  void fill(std::string_view text, const JsonShape& shape, bool replaced) {
    ondemand::document document;
    ondemand::object object;
    if (parser.iterate(text, text.size() + kJsonPadding).get(document) != SUCCESS ||
        document.get_object().get(object) != SUCCESS) {
      return fault("", kNotJson);
    }
    TreeFiller filler(tree, text.data() + text.size(), replaced);
    const bool all = filler.read_object(object, shape, tree.root, nullptr, 0);
    if (all && document.current_location().error() != simdjson::OUT_OF_BOUNDS) fault("", kNotJson);
  }

  void fill_mended(std::string_view json, const JsonShape& shape) {
    tree = {};
    MendedJson mended = mend_json(json);
    if (mended.why != nullptr) fault(std::move(mended.field), mended.why);
    const std::size_t size = mended.text.size();
    mended.text.append(kJsonPadding, '\0');
    fill(std::string_view(mended.text).substr(0, size), shape, mended.replaced);
  }

  void fault(std::string field, const char* message) {
    tree.whole = false;
    if (!tree.fault) tree.fault = Complaint{0, std::move(field), message};
  }
};

JsonTreeReader::JsonTreeReader() : impl_(std::make_unique<Impl>()) {}
JsonTreeReader::JsonTreeReader(JsonTreeReader&&) noexcept = default;
JsonTreeReader& JsonTreeReader::operator=(JsonTreeReader&&) noexcept = default;
JsonTreeReader::~JsonTreeReader() = default;

JsonTree& JsonTreeReader::read(std::string_view json, const JsonShape& shape) {
  impl_->tree = {};
  const std::size_t first = json.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || json[first] != '{') {
    impl_->fault("", "expected a JSON object");
    return impl_->tree;
  }
  impl_->fill(json, shape, false);
  // With unmatched brackets simdjson may look at the padding: read it again with matching ones.
  if (!impl_->tree.whole) impl_->fill_mended(json, shape);
  if (json.size() > kKeptInput) impl_->parser = ondemand::parser();
  return impl_->tree;
}

}  // namespace selvage::k8s_client

#include "k8s_client/decode/yaml_reader.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>

namespace selvage::k8s_client {
namespace {

constexpr const char* kTooDeep = "nested deeper than 200 levels";
constexpr const char* kNoClosingQuote = "the quotes that open here never close; is the file cut off?";

/// Thrown through the YAML library, which offers no other way to stop it; caught below.
struct Refused {
  TextFault fault;
};

/// How large a tree is. Its depth is at most kMaxDepth, so recursion is safe.
struct Extent {
  std::size_t nodes = 1;
  std::size_t depth = 1;
};

Extent measure(const Node& node) {
  Extent extent;
  for (const auto& child : node.children) {
    const Extent part = measure(child);
    extent.nodes += part.nodes;
    extent.depth = std::max(extent.depth, part.depth + 1);
  }
  return extent;
}

/// Builds the tree of one document after the other from the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::size_t first_line) : first_line_(first_line) {}

  std::vector<Node> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    // The library (0.7) takes a comma there for an empty document, again and again.
    if (mark.pos == last_start_) refuse(line_of(mark), "unexpected text where a document starts");
    last_start_ = mark.pos;
    open_.clear();
    anchors_.clear();
    nodes_ = 0;
    copied_ = 0;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { close({make(mark, Node::Kind::null), anchor}); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) refuse(line_of(mark), "an alias stands inside of what its own anchor names");
    count_copies(line_of(mark), known->second);
    close({known->second, YAML::NullAnchor});
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = make(mark, Node::Kind::scalar);
    // "?" is no tag; "!" and others say that it is text ("!": it stands in quotes, or is a block).
    const bool number = tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:bool";
    node.plain = tag.empty() || tag == "?" || number;
    node.text = value;
    close({std::move(node), anchor});
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, Node::Kind::sequence, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, Node::Kind::mapping, anchor);
  }
  void OnSequenceEnd() override { close_collection(); }
  void OnMapEnd() override { close_collection(); }

  [[nodiscard]] std::size_t line_of(const YAML::Mark& mark) const {
    return first_line_ + static_cast<std::size_t>(std::max(mark.line, 0));
  }

 protected:
  [[noreturn]] static void refuse(std::size_t line, std::string why) { throw Refused{{line, std::move(why)}}; }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor = YAML::NullAnchor;
  };

  Node make(const YAML::Mark& mark, Node::Kind kind) {
    const std::size_t line = line_of(mark);
    if (++nodes_ > kMaxNodes) refuse(line, "the document has more than 5,000,000 values; split it");
    Node node;
    node.kind = kind;
    node.line = static_cast<std::uint32_t>(line);
    return node;
  }

  void count_copies(std::size_t line, const Node& node) {
    const Extent extent = measure(node);
    copied_ += extent.nodes;
    if (copied_ > kMaxAliasNodes) refuse(line, "anchors and aliases make more than 100,000 values; write them out");
    if (open_.size() + extent.depth > kMaxDepth) refuse(line, kTooDeep);
  }

  void open(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    if (open_.size() + 1 >= kMaxDepth) refuse(line_of(mark), kTooDeep);
    open_.push_back({make(mark, kind), anchor});
  }

  void close_collection() {
    Open done = std::move(open_.back());
    open_.pop_back();
    close(std::move(done));
  }

  void close(Open done) {
    const std::size_t line = done.node.line;
    const bool collection = done.node.kind == Node::Kind::sequence || done.node.kind == Node::Kind::mapping;
    if (collection && is_key()) refuse(line, "a key must be a string, not a list or a mapping");
    if (done.anchor != YAML::NullAnchor) {
      count_copies(line, done.node);
      anchors_[done.anchor] = done.node;
    }
    auto& siblings = open_.empty() ? documents : open_.back().node.children;
    siblings.push_back(std::move(done.node));
  }

  /// Whether the value that comes next is a key: a mapping's children are keys and values in turn.
  [[nodiscard]] bool is_key() const {
    if (open_.empty()) return false;
    const Node& parent = open_.back().node;
    return parent.kind == Node::Kind::mapping && parent.children.size() % 2 == 0;
  }

  std::size_t first_line_;
  int last_start_ = -1;  ///< of the last document, in characters
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t copied_ = 0;
};

/// Stands before a closing quote that open_quote_fault adds; no text has it unescaped (find_text_fault).
constexpr const char* kTail = "\x01\x02\x01";

/// Finds the scalar that ends in kTail.
class OpenQuoteFinder : public TreeBuilder {
 public:
  using TreeBuilder::TreeBuilder;

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.ends_with(kTail)) refuse(line_of(mark), kNoClosingQuote);
    TreeBuilder::OnScalar(mark, tag, anchor, value);
  }
};

void parse(const std::string& text, TreeBuilder& builder) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  while (parser.HandleNextDocument(builder)) {
  }
}

/// The fault of a text that ends within quotes, at the line where they open: only then does a quote
/// that is added end a scalar (in any other place it would be a part of one, or start one).
std::optional<TextFault> open_quote_fault(const std::string& text, std::size_t first_line) {
  for (const char quote : {'"', '\''}) {
    OpenQuoteFinder finder(first_line);
    try {
      parse(text + "\n" + kTail + quote, finder);
    } catch (const Refused& refused) {
      if (refused.fault.message == kNoClosingQuote) return refused.fault;
    } catch (const std::exception&) {
      continue;  // not within these quotes, or wrong before them
    }
  }
  return std::nullopt;
}

/// The chunk as the library reads it rightly. It (0.7) takes the end of the text for a closing quote
/// right after the opening one and where the last line is blank. So neither is there: the comment is
/// nothing outside of quotes, and text within.
std::string readable_text(const Chunk& chunk) {
  std::string text = looks_like_json(chunk.text) ? fold_surrogates(chunk.text) : std::string(chunk.text);
  const std::size_t last = text.find_last_not_of(" \t");
  const bool ends_in_quote = text.ends_with('"') || text.ends_with('\'');
  if (last == std::string::npos || (text[last] != '\n' && !ends_in_quote)) return text;
  // After spaces the comment could be a line of a block scalar.
  text.erase(text.find_last_not_of(' ') + 1);
  return text + (text.ends_with('\n') ? "#" : "\n#");
}

}  // namespace

ChunkDocuments read_documents(const Chunk& chunk) {
  const std::string text = readable_text(chunk);
  TreeBuilder builder(chunk.first_line);
  std::optional<TextFault> fault;
  try {
    parse(text, builder);
  } catch (const Refused& refused) {
    fault = refused.fault;
  } catch (const YAML::DeepRecursion& error) {
    fault = TextFault{builder.line_of(error.mark), kTooDeep};
  } catch (const YAML::Exception& error) {
    fault = open_quote_fault(text, chunk.first_line);
    if (!fault) fault = TextFault{builder.line_of(error.mark), "not valid YAML: " + error.msg};
  } catch (const std::exception& error) {
    fault = TextFault{chunk.first_line, std::string("not valid YAML: ") + error.what()};
  }
  return {std::move(builder.documents), std::move(fault)};
}

}  // namespace selvage::k8s_client

#include "nft/wire/encode.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>

#include <cerrno>
#include <cstring>
#include <iterator>

#include "nft/model/kernel_names.h"
#include "nft/plan/limits.h"
#include "nft/text/text.h"
#include "nft/wire/encode_parts.h"

namespace selvage::nft {
namespace {

/// Without NLM_F_EXCL: adding an identical object again is not an error.
constexpr std::uint16_t kCreate = NLM_F_CREATE;

/// Encodes each operation as one message or more.
class BatchWriter {
 public:
  BatchWriter(std::span<const Operation> operations, std::uint32_t first_sequence) : operations_(operations) {
    batch_.first_sequence = first_sequence;
  }

  Batch write() {
    boundary(NFNL_MSG_BATCH_BEGIN, batch_.first_sequence);
    for (current_ = 0; current_ < operations_.size(); ++current_) {
      std::visit([this](const auto& action) { (*this)(action); }, operations_[current_].action);
    }
    boundary(NFNL_MSG_BATCH_END, batch_.last_operation_sequence() + 1);
    batch_.bytes = out_.take();
    ask_for_acknowledgement();
    return std::move(batch_);
  }

  void operator()(const AddTable& action) {
    begin(NFT_MSG_NEWTABLE, kCreate);
    encode_table(out_, table(), action);
    out_.finish();
  }
  void operator()(const DeleteTable&) {
    begin(NFT_MSG_DELTABLE, 0);
    out_.put_string(NFTA_TABLE_NAME, table().name);
    out_.finish();
  }
  void operator()(const AddSet& action) {
    begin(NFT_MSG_NEWSET, kCreate);
    encode_set(out_, table(), action, static_cast<std::uint32_t>(batch_.messages.size()));
    out_.finish();
  }
  void operator()(const DeleteSet& action) { named(NFT_MSG_DELSET, NFTA_SET_TABLE, NFTA_SET_NAME, action.set); }
  void operator()(const AddChain& action) {
    begin(NFT_MSG_NEWCHAIN, kCreate);
    encode_chain(out_, table(), action);
    out_.finish();
  }
  void operator()(const FlushChain& action) { named(NFT_MSG_DELRULE, NFTA_RULE_TABLE, NFTA_RULE_CHAIN, action.chain); }
  void operator()(const DeleteChain& action) {
    named(NFT_MSG_DELCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, action.chain);
  }
  void operator()(const AddRule& action) {
    begin(NFT_MSG_NEWRULE, kCreate | NLM_F_APPEND);
    encode_rule(out_, table(), action);
    out_.finish();
  }
  void operator()(const AddElements& action) { elements(NFT_MSG_NEWSETELEM, kCreate, action); }
  void operator()(const DeleteElements& action) { elements(NFT_MSG_DELSETELEM, 0, action); }

 private:
  [[nodiscard]] const TableKey& table() const { return operations_[current_].table; }

  void boundary(std::uint16_t type, std::uint32_t sequence) {
    out_.begin(type, NLM_F_REQUEST, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES, sequence);
    out_.finish();
  }

  void begin(std::uint16_t type, std::uint16_t flags, std::size_t first_element = 0) {
    batch_.messages.push_back({0, current_, first_element});
    out_.begin(NFNL_SUBSYS_NFTABLES << 8 | type, NLM_F_REQUEST | flags, number_of(kFamilies, table().family), 0,
               batch_.last_operation_sequence());
    batch_.messages.back().offset = out_.message_offset();
  }

  /// A message with the names of the table and of an object in it, and nothing else.
  void named(std::uint16_t type, std::uint16_t table_attribute, std::uint16_t name_attribute, const std::string& name) {
    begin(type, 0);
    out_.put_string(table_attribute, table().name);
    out_.put_string(name_attribute, name);
    out_.finish();
  }

  template <class Action>
  void elements(std::uint16_t type, std::uint16_t flags, const Action& action) {
    std::size_t written = 0;
    for (auto at = action.elements->begin(); at != action.elements->end();) {
      begin(type, flags, written);
      const auto next = encode_elements(out_, table(), action, at);
      out_.finish();
      written += static_cast<std::size_t>(std::distance(at, next));
      at = next;
    }
  }

  void ask_for_acknowledgement() {
    nlmsghdr header;
    std::uint8_t* last = batch_.bytes.data() + batch_.messages.back().offset;
    std::memcpy(&header, last, sizeof(header));
    header.nlmsg_flags |= NLM_F_ACK;
    std::memcpy(last, &header, sizeof(header));
  }

  std::span<const Operation> operations_;
  std::size_t current_ = 0;
  netlink::MessageWriter out_;
  Batch batch_;
};

/// "add element inet selvage pods4 { 10.0.0.1 }" for one of an operation's elements.
struct ExplainElement {
  const TableKey& table;
  std::size_t index;

  [[nodiscard]] std::string text(const std::string& verb, const std::string& set, const std::string& element) const {
    return verb + " element " + to_string(table.family) + " " + table.name + " " + set + " { " + element + " }";
  }
  std::string operator()(const AddElements& action) const {
    if (index >= action.elements->size()) return {};
    const auto& [key, data] = *std::next(action.elements->begin(), static_cast<std::ptrdiff_t>(index));
    return text("add", action.set, to_text(*action.spec, key, data));
  }
  std::string operator()(const DeleteElements& action) const {
    if (index >= action.elements->size()) return {};
    const auto& key = *std::next(action.elements->begin(), static_cast<std::ptrdiff_t>(index));
    return text("delete", action.set, to_text(*action.spec, key, {}));
  }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

bool is_element_list(const Action& action) {
  return std::holds_alternative<AddElements>(action) || std::holds_alternative<DeleteElements>(action);
}

}  // namespace

Result<Batch> encode(std::span<const Operation> operations, std::uint32_t first_sequence) {
  if (operations.empty()) return fail_errno("a transaction without an operation", EINVAL);
  for (const Operation& operation : operations) {
    if (auto fits = check_limits(operation); !fits) return fail(describe(operation), fits.error());
  }
  return BatchWriter(operations, first_sequence).write();
}

std::optional<Culprit> locate(const Batch& batch, std::span<const Operation> operations, std::uint32_t sequence,
                              std::optional<std::uint32_t> bad_offset) {
  const std::uint32_t index = sequence - batch.first_sequence - 1;
  if (index >= batch.messages.size()) return std::nullopt;
  const MessageOrigin& origin = batch.messages[index];
  Culprit culprit{origin.operation, std::nullopt};
  if (!bad_offset || !is_element_list(operations[origin.operation].action)) return culprit;
  const auto element = element_at(std::span(batch.bytes).subspan(origin.offset), *bad_offset);
  if (element) culprit.element = origin.first_element + *element;
  return culprit;
}

std::string explain(const Batch& batch, std::span<const Operation> operations, std::uint32_t sequence,
                    std::optional<std::uint32_t> bad_offset) {
  const auto culprit = locate(batch, operations, sequence, bad_offset);
  if (!culprit) return {};
  const Operation& operation = operations[culprit->operation];
  std::string element;
  if (culprit->element) element = std::visit(ExplainElement{operation.table, *culprit->element}, operation.action);
  return element.empty() ? describe(operation) : element;
}

}  // namespace selvage::nft

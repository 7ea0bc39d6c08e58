#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>

#include "netlink/attributes.h"
#include "nft/model/kernel_names.h"
#include "nft/wire/encode_parts.h"
#include "nft/wire/userdata.h"

/// Elements are encoded without libnftnl: there may be hundreds of thousands, and an object for each, split into
/// messages by the caller, would cost several times as much.
namespace selvage::nft {
namespace {

/// A message is full when its list has this many bytes: an attribute has 16 bits for its length, and the rest is far
/// more than one element needs.
constexpr std::size_t kListLimit = 60000;

void put_key(netlink::MessageWriter& out, std::uint16_t type, std::string_view key) {
  nlattr* nest = out.nest(type);
  out.put(NFTA_DATA_VALUE, key);
  out.end_nest(nest);
}

/// Added to each element although the set has it: before Linux 5.11 the set's expression applies only to elements that
/// rules add.
void put_counter(netlink::MessageWriter& out) {
  nlattr* nest = out.nest(NFTA_SET_ELEM_EXPR);
  out.put_string(NFTA_EXPR_NAME, "counter");
  out.end_nest(nest);
}

void put_element(netlink::MessageWriter& out, const SetSpec& spec, const ElementKey& key, const ElementData* data) {
  nlattr* nest = out.nest(NFTA_LIST_ELEM);
  put_key(out, NFTA_SET_ELEM_KEY, key.first);
  if (spec.interval && spec.key.size() > 1) put_key(out, NFTA_SET_ELEM_KEY_END, key.last);
  if (data != nullptr && data->verdict) put_verdict(out, NFTA_SET_ELEM_DATA, *data->verdict);
  if (data != nullptr && spec.counters) put_counter(out);
  if (data != nullptr && !data->comment.empty()) {
    out.put(NFTA_SET_ELEM_USERDATA, comment_userdata(NFTNL_UDATA_SET_ELEM_COMMENT, data->comment));
  }
  out.end_nest(nest);
}

/// The first key above a range; a range up to the highest key has none.
void put_interval_end(netlink::MessageWriter& out, const ElementKey& key) {
  const std::string end = next_key(key.last);
  if (end.empty()) return;
  nlattr* nest = out.nest(NFTA_LIST_ELEM);
  out.put_be32(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
  put_key(out, NFTA_SET_ELEM_KEY, end);
  out.end_nest(nest);
}

const ElementKey& key_of(const std::pair<const ElementKey, ElementData>& element) { return element.first; }
const ElementData* data_of(const std::pair<const ElementKey, ElementData>& element) { return &element.second; }
const ElementKey& key_of(const ElementKey& element) { return element; }
const ElementData* data_of(const ElementKey&) { return nullptr; }

template <class Action, class Position>
Position encode_list(netlink::MessageWriter& out, const TableKey& table, const Action& action, Position at) {
  out.put_string(NFTA_SET_ELEM_LIST_TABLE, table.name);
  out.put_string(NFTA_SET_ELEM_LIST_SET, action.set);
  nlattr* list = out.nest(NFTA_SET_ELEM_LIST_ELEMENTS);
  const bool has_ends = action.spec->interval && action.spec->key.size() == 1;
  for (; at != action.elements->end() && out.message_size() < kListLimit; ++at) {
    put_element(out, *action.spec, key_of(*at), data_of(*at));
    if (has_ends) put_interval_end(out, key_of(*at));
  }
  out.end_nest(list);
  return at;
}

bool is_interval_end(netlink::Bytes element) {
  return (netlink::read_be32(netlink::Attributes(element).find(NFTA_SET_ELEM_FLAGS)).value_or(0) &
          NFT_SET_ELEM_INTERVAL_END) != 0;
}

}  // namespace

void put_verdict(netlink::MessageWriter& out, std::uint16_t type, const Verdict& verdict) {
  nlattr* data = out.nest(type);
  nlattr* nest = out.nest(NFTA_DATA_VERDICT);
  out.put_be32(NFTA_VERDICT_CODE, static_cast<std::uint32_t>(number_of(kVerdicts, verdict.code)));
  if (!verdict.chain.empty()) out.put_string(NFTA_VERDICT_CHAIN, verdict.chain);
  out.end_nest(nest);
  out.end_nest(data);
}

std::map<ElementKey, ElementData>::const_iterator encode_elements(
    netlink::MessageWriter& out, const TableKey& table, const AddElements& action,
    std::map<ElementKey, ElementData>::const_iterator at) {
  return encode_list(out, table, action, at);
}

std::set<ElementKey>::const_iterator encode_elements(netlink::MessageWriter& out, const TableKey& table,
                                                     const DeleteElements& action,
                                                     std::set<ElementKey>::const_iterator at) {
  return encode_list(out, table, action, at);
}

std::optional<std::size_t> element_at(std::span<const std::uint8_t> message, std::size_t offset) {
  constexpr std::size_t kHeaders = sizeof(nlmsghdr) + 4;  // nlmsghdr, nfgenmsg
  if (message.size() < kHeaders) return std::nullopt;
  const netlink::Bytes list = netlink::Attributes(message.subspan(kHeaders)).find(NFTA_SET_ELEM_LIST_ELEMENTS);
  std::size_t starts = 0;
  for (const netlink::Attribute& element : netlink::Attributes(list)) {
    if (!is_interval_end(element.value)) ++starts;
    const auto begin = static_cast<std::size_t>(element.value.data() - message.data()) - sizeof(nlattr);
    const std::size_t end = begin + sizeof(nlattr) + element.value.size();
    if (offset >= begin && offset < end && starts > 0) return starts - 1;
  }
  return std::nullopt;
}

std::string next_key(std::string bytes) {
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    *byte = static_cast<char>(*byte + 1);
    if (*byte != 0) return bytes;
  }
  return {};
}

std::string previous_key(std::string bytes) {
  for (auto byte = bytes.rbegin(); byte != bytes.rend(); ++byte) {
    *byte = static_cast<char>(*byte - 1);
    if (*byte != static_cast<char>(0xff)) return bytes;
  }
  return bytes;
}

}  // namespace selvage::nft

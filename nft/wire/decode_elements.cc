#include <libnftnl/udata.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include <algorithm>
#include <cerrno>

#include "nft/wire/decode.h"
#include "nft/wire/encode_parts.h"
#include "nft/wire/userdata.h"

namespace selvage::nft {
namespace {

std::string read_key(netlink::Bytes data) {
  return netlink::read_bytes(netlink::Attributes(data).find(NFTA_DATA_VALUE));
}

/// One pass over the attributes: there may be hundreds of thousands of elements.
DecodedElement decode_element(netlink::Bytes attributes, SharedVerdicts& verdicts) {
  DecodedElement element;
  for (const netlink::Attribute& attribute : netlink::Attributes(attributes)) {
    switch (attribute.type) {
      case NFTA_SET_ELEM_KEY:
        element.key = read_key(attribute.value);
        break;
      case NFTA_SET_ELEM_KEY_END:
        element.key_end = read_key(attribute.value);
        break;
      case NFTA_SET_ELEM_DATA:
        if (const auto verdict = decode_verdict(attribute.value)) element.data.verdict = verdicts.share(*verdict);
        break;
      case NFTA_SET_ELEM_FLAGS:
        element.interval_end = (netlink::read_be32(attribute.value).value_or(0) & NFT_SET_ELEM_INTERVAL_END) != 0;
        break;
      case NFTA_SET_ELEM_EXPR:
        element.count = decode_count(attribute.value).value_or(CounterValue{});
        break;
      case NFTA_SET_ELEM_USERDATA:
        element.data.comment = comment_of(attribute.value, NFTNL_UDATA_SET_ELEM_COMMENT);
        break;
      default:
        break;
    }
  }
  return element;
}

/// By key; where one range ends and the next begins, the end comes first.
bool comes_before(const DecodedElement& a, const DecodedElement& b) {
  const int order = a.key.compare(b.key);
  return order != 0 ? order < 0 : a.interval_end && !b.interval_end;
}

bool is_same(const DecodedElement& a, const DecodedElement& b) {
  return a.key == b.key && a.interval_end == b.interval_end;
}

/// The inclusive end of the range that starts before `at`.
std::string range_end(const std::string& start, std::vector<DecodedElement>::const_iterator at,
                      std::vector<DecodedElement>::const_iterator end) {
  if (at == end) return std::string(start.size(), '\xff');
  return previous_key(at->key);
}

/// One member of each element, by key. `elements` are sorted, so each is inserted at the end.
template <class Part>
std::map<ElementKey, Part> pair_up(std::vector<DecodedElement> elements, Part DecodedElement::*part) {
  std::map<ElementKey, Part> paired;
  for (auto at = elements.begin(); at != elements.end();) {
    DecodedElement& start = *at++;
    if (start.interval_end) continue;
    ElementKey key{start.key, range_end(start.key, at, elements.end())};
    paired.emplace_hint(paired.end(), std::move(key), std::move(start.*part));
  }
  return paired;
}

template <class Part>
Result<std::map<ElementKey, Part>> collect(const SetSpec& spec, std::vector<DecodedElement> elements,
                                           Part DecodedElement::*part) {
  std::sort(elements.begin(), elements.end(), comes_before);
  if (std::adjacent_find(elements.begin(), elements.end(), is_same) != elements.end()) {
    return fail_errno("a set changed its layout while it was read", EINTR);
  }
  if (spec.interval && spec.key.size() <= 1) return pair_up(std::move(elements), part);
  std::map<ElementKey, Part> collected;
  for (DecodedElement& element : elements) {
    // A range of one comes back without its end.
    if (spec.interval && element.key_end.empty()) element.key_end = element.key;
    collected.emplace_hint(collected.end(), ElementKey{std::move(element.key), std::move(element.key_end)},
                           std::move(element.*part));
  }
  return collected;
}

}  // namespace

void decode_elements(netlink::Bytes payload, std::vector<DecodedElement>& elements, SharedVerdicts& verdicts) {
  const netlink::Attributes message(payload.subspan(std::min(payload.size(), sizeof(nfgenmsg))));
  for (const netlink::Attribute& element : netlink::Attributes(message.find(NFTA_SET_ELEM_LIST_ELEMENTS))) {
    DecodedElement decoded = decode_element(element.value, verdicts);
    if (!decoded.key.empty()) elements.push_back(std::move(decoded));
  }
}

Result<std::map<ElementKey, ElementData>> collect_elements(const SetSpec& spec, std::vector<DecodedElement> elements) {
  return collect(spec, std::move(elements), &DecodedElement::data);
}

Result<std::map<ElementKey, CounterValue>> collect_counts(const SetSpec& spec, std::vector<DecodedElement> elements) {
  return collect(spec, std::move(elements), &DecodedElement::count);
}

}  // namespace selvage::nft

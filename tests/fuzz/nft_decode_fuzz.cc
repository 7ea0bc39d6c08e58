#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "host/decode_flow.h"
#include "host/decode_link.h"
#include "host/decode_packet_log.h"
#include "nft/text/text.h"
#include "nft/wire/decode.h"

namespace {

using namespace selvage::nft;
using namespace selvage::host;
using selvage::netlink::Bytes;

/// Elements of any bytes, as those of three kinds of sets.
void fuzz_elements(Bytes payload) {
  std::vector<DecodedElement> elements;
  SharedVerdicts verdicts;
  decode_elements(payload, elements, verdicts);
  for (const bool interval : {false, true}) {
    for (const auto& key :
         {std::vector{FieldType::ipv4_addr}, std::vector{FieldType::ipv6_addr, FieldType::inet_proto}}) {
      SetSpec spec;
      spec.key = key;
      spec.interval = interval;
      const auto collected = collect_elements(spec, elements);
      if (collect_counts(spec, elements).has_value() != collected.has_value()) std::abort();
      if (!collected) continue;
      for (const auto& [element, data] : *collected) static_cast<void>(to_text(spec, element, data));
    }
  }
}

void fuzz_rule(Bytes payload) {
  const auto rule = decode_rule(payload);
  if (rule) static_cast<void>(to_text(rule->rule));
  static_cast<void>(decode_rule_count(payload));
}

void fuzz_rtnetlink(Bytes payload) {
  static_cast<void>(decode_bridge(payload));
  const auto address = decode_address(payload);
  if (address && address->subnet.to_string().empty()) std::abort();
}

void fuzz_packet_log(Bytes payload) {
  const auto packet = decode_logged_packet(payload);
  if (packet && packet->headers.source.family() != packet->headers.destination.family()) std::abort();
  static_cast<void>(decode_headers(payload));
}

}  // namespace

/// The first byte selects the decoder, the rest is the payload of one netlink message: no crash, no
/// undefined behaviour, and decoded values can be printed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes payload(data + 1, size - 1);
  switch (data[0] % 9) {
    case 0:
      static_cast<void>(decode_table(payload));
      break;
    case 1:
      static_cast<void>(decode_chain(payload));
      break;
    case 2:
      static_cast<void>(decode_set(payload));
      break;
    case 3:
      fuzz_rule(payload);
      break;
    case 4:
      fuzz_elements(payload);
      break;
    case 5:
      static_cast<void>(decode_generation(payload));
      break;
    case 6:
      static_cast<void>(decode_flow(payload));
      break;
    case 7:
      fuzz_rtnetlink(payload);
      break;
    default:
      fuzz_packet_log(payload);
  }
  return 0;
}

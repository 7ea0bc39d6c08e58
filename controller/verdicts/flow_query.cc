#include "controller/verdicts/flow_query.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/ip_protocol.h"
#include "controller/output/json.h"

namespace selvage::controller {
namespace {

constexpr std::array<std::pair<std::string_view, std::uint8_t>, 5> kProtocols = {{
    {"TCP", ip_protocol::kTcp},
    {"UDP", ip_protocol::kUdp},
    {"SCTP", ip_protocol::kSctp},
    {"ICMP", ip_protocol::kIcmp},
    {"ICMPv6", ip_protocol::kIcmpv6},
}};
constexpr std::array kMembers = {"source",     "destination", "protocol", "port",
                                 "sourcePort", "icmpType",    "icmpCode", "family"};
constexpr std::string_view kNodePrefix = "node/";

bool has_ports(std::uint8_t protocol) {
  return protocol == ip_protocol::kTcp || protocol == ip_protocol::kUdp || protocol == ip_protocol::kSctp;
}
bool is_icmp(std::uint8_t protocol) { return protocol == ip_protocol::kIcmp || protocol == ip_protocol::kIcmpv6; }

Result<FlowEnd> read_end(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end() || !found->is_string()) {
    return fail(std::string(member) + ": must be \"namespace/pod\", \"node/NAME\" or an address");
  }
  std::string text = *found;
  if (text.starts_with(kNodePrefix)) return FlowEnd{FlowEnd::Kind::node, text.substr(kNodePrefix.size())};
  if (text.find('/') != std::string::npos) return FlowEnd{FlowEnd::Kind::pod, std::move(text)};
  if (!IpAddress::parse(text)) {
    return fail(std::string(member) + ": \"" + text + "\" is neither \"namespace/pod\", \"node/NAME\" nor an address");
  }
  return FlowEnd{FlowEnd::Kind::address, std::move(text)};
}

/// A member that is a number up to `most`; nothing: it is absent.
template <class Number>
Result<std::optional<Number>> read_number(const Json& object, const char* member, unsigned least, unsigned most) {
  const auto found = object.find(member);
  if (found == object.end()) return std::nullopt;
  if (!found->is_number_unsigned() || *found < least || *found > most) {
    return fail(std::string(member) + ": must be a number from " + std::to_string(least) + " to " +
                std::to_string(most));
  }
  return std::optional<Number>(found->get<Number>());
}

Result<std::uint8_t> read_protocol(const Json& object) {
  const auto found = object.find("protocol");
  if (found != object.end() && found->is_number_unsigned() && *found <= 255) return found->get<std::uint8_t>();
  if (found != object.end() && found->is_string()) {
    const auto known = std::ranges::find(kProtocols, found->get_ref<const std::string&>(),
                                         &std::pair<std::string_view, std::uint8_t>::first);
    if (known != kProtocols.end()) return known->second;
  }
  return fail("protocol: must be TCP, UDP, SCTP, ICMP, ICMPv6 or a number from 0 to 255");
}

Result<std::optional<IpFamily>> read_family(const Json& object) {
  const auto found = object.find("family");
  if (found == object.end()) return std::nullopt;
  if (*found == "ipv4") return IpFamily::v4;
  if (*found == "ipv6") return IpFamily::v6;
  return fail("family: must be \"ipv4\" or \"ipv6\"");
}

Result<void> check_members(const Json& object) {
  for (const auto& [name, value] : object.items()) {
    if (std::ranges::find(kMembers, name) == kMembers.end()) return fail(name + ": there is no such member");
  }
  return {};
}

/// Whether ports and ICMP types are there where the protocol has them, and only there.
Result<void> check_protocol(const FlowQuery& query, bool port_given) {
  if (has_ports(query.protocol) && !port_given) return fail("port: is missing; TCP, UDP and SCTP need one");
  if (!has_ports(query.protocol) && port_given) return fail("port: only TCP, UDP and SCTP have ports");
  if (!has_ports(query.protocol) && query.source_port) return fail("sourcePort: only TCP, UDP and SCTP have ports");
  if (!is_icmp(query.protocol) && query.icmp_type) return fail("icmpType: only ICMP and ICMPv6 have types");
  if (query.icmp_code && !query.icmp_type) return fail("icmpCode: needs icmpType");
  return {};
}

}  // namespace

Result<FlowQuery> parse_flow_query(std::string_view line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) return fail("must be one JSON object on a line");
  if (const auto known = check_members(object); !known) return tl::unexpected(known.error());
  FlowQuery query;
  auto source = read_end(object, "source");
  if (!source) return tl::unexpected(source.error());
  auto destination = read_end(object, "destination");
  if (!destination) return tl::unexpected(destination.error());
  const auto protocol = read_protocol(object);
  if (!protocol) return tl::unexpected(protocol.error());
  const auto port = read_number<std::uint16_t>(object, "port", 1, 65535);
  if (!port) return tl::unexpected(port.error());
  const auto source_port = read_number<std::uint16_t>(object, "sourcePort", 1, 65535);
  if (!source_port) return tl::unexpected(source_port.error());
  const auto icmp_type = read_number<std::uint8_t>(object, "icmpType", 0, 255);
  if (!icmp_type) return tl::unexpected(icmp_type.error());
  const auto icmp_code = read_number<std::uint8_t>(object, "icmpCode", 0, 255);
  if (!icmp_code) return tl::unexpected(icmp_code.error());
  const auto family = read_family(object);
  if (!family) return tl::unexpected(family.error());
  query.source = std::move(*source);
  query.destination = std::move(*destination);
  query.protocol = *protocol;
  query.port = port->value_or(0);
  query.source_port = *source_port;
  query.icmp_type = *icmp_type;
  query.icmp_code = *icmp_code;
  query.family = *family;
  if (const auto fits = check_protocol(query, port->has_value()); !fits) return tl::unexpected(fits.error());
  return query;
}

}  // namespace selvage::controller

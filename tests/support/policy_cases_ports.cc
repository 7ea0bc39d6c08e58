#include "tests/support/policy_cases.h"

/// Which ports and protocols a rule allows.
namespace selvage::testing {
namespace {

using policy::Protocol;

const policy::LabelSelector kApiPods = where({is("app", "api")});
const policy::LabelSelector kWebPods = where({is("app", "web")});

/// The world with one policy: prod/api-0 may be reached on `ports` by prod's web pods.
std::vector<policy::Object> web_to_api(std::vector<policy::PortMatch> ports) {
  return world_with({ingress_policy("prod/api", kApiPods, {allow({pods(kWebPods)}, std::move(ports))})});
}

std::vector<PolicyCase> number_cases() {
  return {
      {"a port is of one protocol and one number",
       web_to_api({port(Protocol::tcp, 80)}),
       {passes(tcp(kWeb, kApi, 80)), passes(tcp(kWeb6, kApi6, 80)), drops(udp(kWeb, kApi, 80)),
        drops(sctp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 81)), drops(tcp(kDb, kApi, 80))}},
      {"UDP and SCTP ports",
       web_to_api({port(Protocol::udp, 53), port(Protocol::sctp, 3868)}),
       {passes(udp(kWeb, kApi, 53)), passes(sctp(kWeb, kApi, 3868)), drops(tcp(kWeb, kApi, 53)),
        drops(udp(kWeb, kApi, 3868)), drops(sctp(kWeb, kApi, 53))}},
      {"no ports: every port and protocol, ICMP too",
       world_with({ingress_policy("prod/api", kApiPods, {allow({pods(kWebPods)})})}),
       {passes(tcp(kWeb, kApi, 1)), passes(sctp(kWeb, kApi, 65535)), passes(ping(kWeb, kApi)), passes(esp(kWeb, kApi)),
        passes(ping(kWeb6, kApi6)), drops(ping(kDb, kApi))}},
      {"any port at all leaves out protocols without ports",
       web_to_api({all_ports(Protocol::tcp), all_ports(Protocol::udp), all_ports(Protocol::sctp)}),
       {passes(tcp(kWeb, kApi, 1)), passes(udp(kWeb, kApi, 65535)), passes(sctp(kWeb, kApi, 9)),
        drops(ping(kWeb, kApi)), drops(ping(kWeb6, kApi6)), drops(esp(kWeb, kApi))}},
      {"a protocol without a port is all its ports",
       web_to_api({all_ports(Protocol::udp)}),
       {passes(udp(kWeb, kApi, 1)), passes(udp(kWeb, kApi, 65535)), drops(tcp(kWeb, kApi, 80)),
        drops(ping(kWeb, kApi))}},
      {"a rule whose ports were all refused matches nothing",
       web_to_api({}),
       {drops(tcp(kWeb, kApi, 80)), drops(ping(kWeb, kApi))}},
      {"endPort is inclusive",
       web_to_api({port_range(Protocol::tcp, 8000, 8010)}),
       {drops(tcp(kWeb, kApi, 7999)), passes(tcp(kWeb, kApi, 8000)), passes(tcp(kWeb, kApi, 8005)),
        passes(tcp(kWeb, kApi, 8010)), drops(tcp(kWeb, kApi, 8011)), drops(udp(kWeb, kApi, 8005))}},
      {"overlapping, nested and adjacent ranges add up",
       web_to_api({port_range(Protocol::tcp, 10, 20), port_range(Protocol::tcp, 15, 30),
                   port_range(Protocol::tcp, 16, 17), port_range(Protocol::tcp, 31, 40), port(Protocol::tcp, 20),
                   port_range(Protocol::udp, 12, 13)}),
       {drops(tcp(kWeb, kApi, 9)), passes(tcp(kWeb, kApi, 10)), passes(tcp(kWeb, kApi, 20)),
        passes(tcp(kWeb, kApi, 30)), passes(tcp(kWeb, kApi, 31)), passes(tcp(kWeb, kApi, 40)),
        drops(tcp(kWeb, kApi, 41)), passes(udp(kWeb, kApi, 13)), drops(udp(kWeb, kApi, 14))}},
      {"ranges with one port between them",
       web_to_api({port_range(Protocol::tcp, 10, 20), port_range(Protocol::tcp, 22, 30)}),
       {passes(tcp(kWeb, kApi, 20)), drops(tcp(kWeb, kApi, 21)), passes(tcp(kWeb, kApi, 22))}},
      {"a range up to the last port",
       web_to_api({port_range(Protocol::tcp, 32768, 65535)}),
       {drops(tcp(kWeb, kApi, 32767)), passes(tcp(kWeb, kApi, 32768)), passes(tcp(kWeb, kApi, 65535))}},
      {"egress by numbers",
       world_with({egress_policy("prod/api", kApiPods,
                                 {allow({namespaces(where())}, {port(Protocol::udp, 53), port(Protocol::tcp, 53)})})}),
       {passes(udp(kApi, kDns, 53)), passes(tcp(kApi, kDns, 53)), drops(udp(kApi, kDns, 5353)),
        drops(udp(kApi, kWorld, 53)), drops(ping(kApi, kDns))}},
  };
}

/// Two pods of one app that give the name http different numbers.
std::vector<policy::Object> two_https() {
  return {pod("prod/api-1", {{"app", "api"}}, {"10.244.1.8"}, kNode, {{"http", Protocol::tcp, 9000}})};
}

std::vector<PolicyCase> name_cases() {
  auto ingress_by_name = two_https();
  ingress_by_name.push_back(
      ingress_policy("prod/api", kApiPods, {allow({pods(kWebPods)}, {port_name(Protocol::tcp, "http")})}));
  const auto api_out = [](policy::Rule rule) {
    return world_with({egress_policy("prod/db", where({is("app", "db")}), {rule})});
  };
  const auto http = port_name(Protocol::tcp, "http");
  return {
      {"a port name is resolved on each destination pod, per protocol",
       world_with(ingress_by_name),
       {passes(tcp(kWeb, kApi, 8080)), drops(tcp(kWeb, kApi, 9000)), passes(tcp(kWeb, "10.244.1.8", 9000)),
        drops(tcp(kWeb, "10.244.1.8", 8080)), drops(udp(kWeb, kApi, 8443)), drops(tcp(kWeb, kApi, 8443)),
        passes(tcp(kWeb6, kApi6, 8080)), drops(tcp(kDb, kApi, 8080))}},
      {"a port name of UDP",
       web_to_api({port_name(Protocol::udp, "http")}),
       {passes(udp(kWeb, kApi, 8443)), drops(udp(kWeb, kApi, 8080)), drops(tcp(kWeb, kApi, 8443))}},
      {"a port name that the pod does not have matches nothing",
       web_to_api({port_name(Protocol::tcp, "grpc"), port_name(Protocol::sctp, "http")}),
       {drops(tcp(kWeb, kApi, 8080)), drops(tcp(kWeb, kApi, 80)), drops(sctp(kWeb, kApi, 8080))}},
      {"a port name beside a number",
       web_to_api({port_name(Protocol::tcp, "metrics"), port(Protocol::tcp, 80)}),
       {passes(tcp(kWeb, kApi, 9090)), passes(tcp(kWeb, kApi, 80)), drops(tcp(kWeb, kApi, 8080))}},
      {"a port name open to anyone",
       world_with({ingress_policy("prod/api", kApiPods, {allow_anyone({http})})}),
       {passes(tcp(kWorld, kApi, 8080)), passes(tcp(kDev, kApi, 8080)), drops(tcp(kWorld, kApi, 9090))}},
      {"egress: the name is resolved on the peer",
       api_out(allow({pods(where())}, {http})),
       {passes(tcp(kDb, kApi, 8080)), passes(tcp(kDb, kFar, 8000)), drops(tcp(kDb, kFar, 8080)),
        drops(tcp(kDb, kApi, 8000)), drops(tcp(kDb, kWeb, 8080)), drops(udp(kDb, kApi, 8443)),
        drops(tcp(kDb, kWorld, 8080))}},
      {"egress to anyone by name: pods that have the name",
       api_out(allow_anyone({http})),
       {passes(tcp(kDb, kApi, 8080)), passes(tcp(kDb, kFar, 8000)), drops(tcp(kDb, kDev, 8080)),
        drops(tcp(kDb, kWorld, 8080))}},
      {"egress to an ipBlock by name: pods in the block that have the name",
       api_out(allow({block("10.244.1.0/24")}, {http})),
       {passes(tcp(kDb, kApi, 8080)), drops(tcp(kDb, kFar, 8000)), drops(tcp(kDb, kWeb, 8080))}},
      {"egress: a name of two protocols at one number",
       api_out(allow({namespaces(where())}, {port_name(Protocol::udp, "dns"), port_name(Protocol::tcp, "dns")})),
       {passes(udp(kDb, kDns, 53)), passes(tcp(kDb, kDns, 53)), drops(sctp(kDb, kDns, 53)), drops(udp(kDb, kApi, 53))}},
      {"one name and protocol given twice: the first counts",
       world_with(
           {pod("prod/api-0", {{"app", "api"}}, {kApi}, kNode, {{"x", Protocol::tcp, 70}, {"x", Protocol::tcp, 71}}),
            ingress_policy("prod/api", kApiPods, {allow_anyone({port_name(Protocol::tcp, "x")})})}),
       {passes(tcp(kWeb, kApi, 70)), drops(tcp(kWeb, kApi, 71))}},
  };
}

}  // namespace

std::vector<PolicyCase> port_cases() {
  auto all = number_cases();
  for (auto& one : name_cases()) all.push_back(std::move(one));
  return all;
}

}  // namespace selvage::testing

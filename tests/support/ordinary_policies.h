#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/pod_network.h"

/// The policies of tests/packets/policies: typical policies, their pods, and their effect.
namespace selvage::testing {

/// Those pods on two nodes, and a stranger. `Base` is a PodNetwork, made with the number of nodes, whose pod() and
/// name_space() publish them to agents.
template <class Base>
struct OrdinaryPods : Base {
  OrdinaryPods() : Base(2) {
    for (const char* name : {"production", "frontend", "monitoring", "ingress-nginx"})
      this->name_space(name, {{"name", name}});
    for (const char* name : {"kube-system", "cardholder-data"}) this->name_space(name, {});
    for (const TestPod* pod : {&web, &api, &db, &stranger, &dns, &vault})
      for (const std::uint16_t port : {443, 5432, 8080}) this->serve(pod->space(), Transport::tcp, port);
    for (const Transport transport : {Transport::tcp, Transport::udp}) this->serve(dns.space(), transport, 53);
  }
  TestPod& web = this->pod({"production", "web", {{"app", "web-frontend"}}, 1});
  TestPod& api = this->pod({"production", "api", {{"app", "api-backend"}}, 1});
  TestPod& db = this->pod({"production", "db", {{"app", "postgres"}}, 2});
  TestPod& front = this->pod({"frontend", "front", {{"app", "web-frontend"}}, 2});
  TestPod& prometheus = this->pod({"monitoring", "prometheus", {{"app", "prometheus"}}, 2});
  TestPod& nginx = this->pod({"ingress-nginx", "nginx", {{"app", "nginx"}}, 1});
  TestPod& dns = this->pod({"kube-system", "dns", {{"k8s-app", "kube-dns"}}, 1});
  TestPod& proxy = this->pod({"kube-system", "proxy", {}, 2});
  TestPod& vault = this->pod({"cardholder-data", "vault", {}, 1});
  TestPod& stranger = this->pod({"default", "stranger", {}, 1});
};

/// A policy file, and its effect when it is the only one.
struct OrdinaryCase {
  const char* file;
  std::vector<Expectation> expected;
};

template <class Base>
std::vector<OrdinaryCase> ordinary_cases(const OrdinaryPods<Base>& s) {
  const Transport udp = Transport::udp;
  return {
      {"k8s-allow-api-to-db.yaml",
       {allow(s.api, s.db, 5432), deny(s.web, s.db, 5432), deny(s.api, s.db, 80), deny(s.stranger, s.db, 5432),
        allow(s.stranger, s.api)}},
      {"k8s-allow-dns-egress.yaml",
       {allow(s.web, s.dns, 53, udp), allow(s.db, s.dns, 53), deny(s.web, s.dns), allow(s.web, s.stranger, 443),
        allow(s.db, s.api, 443), deny(s.web, s.stranger), deny(s.web, s.api, 8080), allow(s.stranger, s.web)}},
      {"k8s-allow-frontend-and-monitoring.yaml",
       {allow(s.front, s.api), allow(s.prometheus, s.api, 8080), deny(s.web, s.api), deny(s.nginx, s.api),
        deny(s.stranger, s.api), allow(s.stranger, s.web)}},
      {"k8s-allow-web-to-api.yaml",
       {allow(s.web, s.api, 8080), deny(s.web, s.api), deny(s.front, s.api, 8080), deny(s.db, s.api, 8080)}},
      {"k8s-api-backend-policy.yaml",
       {allow(s.web, s.api, 8080), deny(s.web, s.api), deny(s.db, s.api, 8080), allow(s.api, s.db, 5432),
        deny(s.api, s.db), deny(s.api, s.dns, 53, udp), allow(s.stranger, s.db, 5432)}},
      {"k8s-default-deny-all.yaml",
       {deny(s.web, s.api), deny(s.stranger, s.db), deny(s.db, s.stranger), deny(s.api, s.dns, 53, udp),
        allow(s.stranger, s.front)}},
      {"k8s-default-deny-egress.yaml",
       {deny(s.web, s.api), deny(s.db, s.stranger), allow(s.stranger, s.db), allow(s.front, s.web)}},
      {"k8s-default-deny-ingress.yaml",
       {deny(s.web, s.api), deny(s.stranger, s.db), allow(s.db, s.stranger), allow(s.web, s.front)}},
      {"k8s-default-deny.yaml",
       {deny(s.web, s.vault), deny(s.vault, s.web), deny(s.vault, s.dns, 53, udp), allow(s.web, s.api)}},
      {"k8s-deny-system-namespaces.yaml",
       {allow(s.proxy, s.dns, 53, udp), deny(s.web, s.dns, 53, udp), deny(s.stranger, s.dns, 53), allow(s.dns, s.web)}},
      {"k8s-production-isolation.yaml",
       {allow(s.web, s.api), allow(s.api, s.db, 5432), allow(s.nginx, s.web), allow(s.nginx, s.db),
        deny(s.front, s.api), deny(s.stranger, s.web), allow(s.web, s.front)}},
  };
}

/// Their combined effect.
template <class Base>
std::vector<Expectation> ordinary_union(const OrdinaryPods<Base>& s) {
  return {
      allow(s.api, s.db, 5432),  // egress by api-backend-policy, ingress by production-isolation
      deny(s.api, s.db, 80),     // no egress rule
      deny(s.web, s.api, 8080),  // api would let it in, web has no egress to it
      allow(s.web, s.api, 443),  // egress by allow-dns-egress, ingress by production-isolation
      allow(s.db, s.web, 443),
      allow(s.prometheus, s.api, 80),
      allow(s.front, s.api, 8080),
      deny(s.front, s.web, 80),  // only api is open to the namespace frontend
      allow(s.nginx, s.web, 80),
      deny(s.stranger, s.web, 80),
      deny(s.web, s.dns, 53, Transport::udp),  // dns lets in kube-system only
      allow(s.proxy, s.dns, 53, Transport::udp),
      deny(s.vault, s.stranger, 80),
      deny(s.stranger, s.vault, 80),
      allow(s.stranger, s.front, 80),
  };
}

}  // namespace selvage::testing

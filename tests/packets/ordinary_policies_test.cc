#include <catch2/catch.hpp>
#include <filesystem>

#include "cluster.h"

/// The policies of policies/: what people write. Each is loaded as it is, alone and together with all others.
namespace selvage::packets {
namespace {

/// The pods that those policies speak of, on two nodes, and a stranger.
struct Scene : Cluster {
  Scene() : Cluster(2) {
    for (const char* name : {"production", "frontend", "monitoring", "ingress-nginx"})
      name_space(name, {{"name", name}});
    for (const char* name : {"kube-system", "cardholder-data"}) name_space(name, {});
    for (const TestPod* pod : {&web, &api, &db, &stranger, &dns, &vault})
      for (const std::uint16_t port : {443, 5432, 8080}) serve(pod->space(), Transport::tcp, port);
    for (const Transport transport : {Transport::tcp, Transport::udp}) serve(dns.space(), transport, 53);
  }
  void load(const std::string& file) {
    apply(file, read_whole(std::filesystem::path(SELVAGE_POLICIES) / file).value());
  }

  TestPod& web = pod({"production", "web", {{"app", "web-frontend"}}, 1});
  TestPod& api = pod({"production", "api", {{"app", "api-backend"}}, 1});
  TestPod& db = pod({"production", "db", {{"app", "postgres"}}, 2});
  TestPod& front = pod({"frontend", "front", {{"app", "web-frontend"}}, 2});
  TestPod& prometheus = pod({"monitoring", "prometheus", {{"app", "prometheus"}}, 2});
  TestPod& nginx = pod({"ingress-nginx", "nginx", {{"app", "nginx"}}, 1});
  TestPod& dns = pod({"kube-system", "dns", {{"k8s-app", "kube-dns"}}, 1});
  TestPod& proxy = pod({"kube-system", "proxy", {}, 2});
  TestPod& vault = pod({"cardholder-data", "vault", {}, 1});
  TestPod& stranger = pod({"default", "stranger", {}, 1});
};

/// A policy file, and what it means when it is the only one.
struct Case {
  const char* file;
  std::vector<Expectation> expected;
};

std::vector<Case> cases(const Scene& s) {
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

}  // namespace

TEST_CASE("each ordinary policy alone means what it says") {
  Scene scene;
  for (const Case& one : cases(scene)) {
    INFO(one.file);
    scene.load(one.file);
    scene.enforce();
    scene.check(one.expected);
    scene.withdraw(one.file);
  }
}

TEST_CASE("all ordinary policies together allow their union") {
  Scene scene;
  for (const Case& one : cases(scene)) scene.load(one.file);
  scene.enforce();
  scene.check({
      allow(scene.api, scene.db, 5432),  // egress by api-backend-policy, ingress by production-isolation
      deny(scene.api, scene.db, 80),     // no egress rule
      deny(scene.web, scene.api, 8080),  // api would let it in, web has no egress to it
      allow(scene.web, scene.api, 443),  // egress by allow-dns-egress, ingress by production-isolation
      allow(scene.db, scene.web, 443),
      allow(scene.prometheus, scene.api, 80),
      allow(scene.front, scene.api, 8080),
      deny(scene.front, scene.web, 80),  // only api is open to the namespace frontend
      allow(scene.nginx, scene.web, 80),
      deny(scene.stranger, scene.web, 80),
      deny(scene.web, scene.dns, 53, Transport::udp),  // dns lets in kube-system only
      allow(scene.proxy, scene.dns, 53, Transport::udp),
      deny(scene.vault, scene.stranger, 80),
      deny(scene.stranger, scene.vault, 80),
      allow(scene.stranger, scene.front, 80),
  });
}

}  // namespace selvage::packets

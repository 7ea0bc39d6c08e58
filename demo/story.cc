#include "demo/story.h"

namespace selvage::demo::story {
namespace {

lab::PodManifest shop_pod(const std::string& name, lab::LabelMap labels, std::vector<lab::ManifestPort> ports) {
  labels["app"] = name;
  return {"shop", name, kNode, std::move(labels), {}, std::move(ports)};
}

lab::PodManifest api(lab::LabelMap labels) {
  return shop_pod("api", std::move(labels),
                  {{"http", lab::Transport::tcp, 9090}, {"metrics", lab::Transport::tcp, 9101}});
}

}  // namespace

std::vector<lab::PodManifest> pods() {
  return {
      shop_pod("web", {}, {{"http", lab::Transport::tcp, 8080}, {"metrics", lab::Transport::tcp, 9100}}),
      api({{"db-client", "allowed"}}),
      shop_pod("db", {}, {{"postgres", lab::Transport::tcp, 5432}, {"metrics", lab::Transport::tcp, 9187}}),
      {"monitoring", "prometheus", kNode, {{"app", "prometheus"}}, {}, {}},
      {"kube-system", "dns", kNode, {{"k8s-app", "kube-dns"}}, {}, {{"dns", lab::Transport::udp, 53}}},
      {"default", "stranger", kNode, {{"app", "stranger"}}, {}, {}},
  };
}

std::string Target::title() const {
  const std::string text = pod + ":" + std::to_string(port);
  return transport == lab::Transport::tcp ? text : text + "/" + to_string(transport);
}

std::vector<Target> targets() {
  return {{"web", lab::Transport::tcp, 8080}, {"api", lab::Transport::tcp, 9090}, {"db", lab::Transport::tcp, 5432},
          {"api", lab::Transport::tcp, 9101}, {"db", lab::Transport::tcp, 9187},  {"dns", lab::Transport::udp, 53}};
}

std::vector<std::string> sources() { return {"stranger", "web", "api", "db", "prometheus"}; }

std::vector<Step> steps() {
  return {
      // Columns: web:8080 api:9090 db:5432 api:9101 db:9187 dns:53. Rows: stranger, web, api, db, prometheus.
      {"no policy",
       "The agent runs and no policy exists: every pod reaches every other.",
       {},
       {},
       {"yyyyyy", ".yyyyy", "y.y.yy", "yy.y.y", "yyyyyy"}},
      {"default deny",
       "default-deny.yaml isolates every pod of the shop in both directions.",
       {"default-deny.yaml"},
       {},
       {"nnnnny", ".nnnnn", "n.n.nn", "nn.n.n", "nnnnny"}},
      {"the shop's own rules",
       "The allow-*.yaml files: anyone to web, web to api, api to db, all to DNS, prometheus to the metrics ports.",
       {"allow-dns.yaml", "allow-ingress-to-web.yaml", "allow-web-to-api.yaml", "allow-api-to-db.yaml",
        "allow-monitoring.yaml"},
       {},
       {"ynnnny", ".ynnny", "n.y.ny", "nn.n.y", "ynnyyy"}},
      {"a label goes",
       "The pod api loses its label db-client: allowed, so db no longer lets it in.",
       {},
       {api({})},
       {"ynnnny", ".ynnny", "n.n.ny", "nn.n.y", "ynnyyy"}},
  };
}

}  // namespace selvage::demo::story

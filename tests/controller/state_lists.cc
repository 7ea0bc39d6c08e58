#include "tests/controller/state_lists.h"

#include <algorithm>

#include "tests/support/policy_cases.h"

namespace selvage::testing {
namespace {

using policy::NetworkPolicy;
using policy::Object;
using policy::Pod;
using policy::Protocol;

const policy::LabelSelector kApiPods = where({is("app", "api")});
const policy::LabelSelector kWebPods = where({is("app", "web")});

Cluster cluster_of(const std::vector<Object>& objects) {
  Cluster cluster;
  for (const auto& object : objects) apply_event(cluster, policy::upsert(object));
  return cluster;
}

/// The world with `extra`.
Cluster grown(const std::vector<Object>& extra) { return cluster_of(world_with(extra)); }

Cluster without(Cluster cluster, const Object& object) {
  cluster.erase(policy::key_of(object));
  return cluster;
}

Pod api(std::initializer_list<const char*> addresses, const std::string& node, std::uint16_t http) {
  return pod("prod/api-0", {{"app", "api"}}, addresses, node, {{"http", Protocol::tcp, http}});
}

NetworkPolicy from_web(std::vector<policy::PortMatch> ports) {
  return ingress_policy("prod/api", kApiPods, {allow({pods(kWebPods)}, std::move(ports))});
}

StateList rollout() {
  const auto policy = from_web({port(Protocol::tcp, 8080)});
  Pod done = api({kApi, kApi6}, kNode, 8080);
  done.finished = true;
  return {"a policy and a pod's life",
          {{"no policy", world()},
           {"policy", grown({policy})},
           {"pod without address", grown({policy, api({}, kNode, 8080)})},
           {"pod with one address", grown({policy, api({kApi}, kNode, 8080)})},
           {"pod with both addresses", grown({policy, api({kApi, kApi6}, kNode, 8080)})},
           {"pod elsewhere", grown({policy, api({kApi, kApi6}, "node-b", 8080)})},
           {"pod with another address", grown({policy, api({"10.244.1.30"}, kNode, 8080)})},
           {"pod finished", grown({policy, done})},
           {"pod gone", without(grown({policy}), api({}, kNode, 0))}}};
}

StateList selectors() {
  const auto shop = ingress_policy("prod/api", kApiPods, {allow({namespaces(where({is("team", "shop")}))})});
  const auto unstaged = ingress_policy("prod/api", kApiPods, {allow({namespaces(where({lacks("stage")}))})});
  const auto moved = [](std::vector<policy::Labels::Pair> labels) { return namespace_of("dev", std::move(labels)); };
  return {"labels of namespaces and pods change",
          {{"by a label", grown({shop})},
           {"dev leaves the team", grown({shop, moved({{"team", "ops"}})})},
           {"dev is not known", without(grown({shop}), moved({}))},
           {"by a missing label", grown({unstaged})},
           {"dev loses the label", grown({unstaged, moved({{"team", "shop"}})})},
           {"dev is not known, missing label", without(grown({unstaged}), moved({}))},
           {"ghost becomes known", grown({unstaged, namespace_of("ghost")})},
           {"api is not selected", grown({unstaged, pod("prod/api-0", {{"app", "other"}}, {kApi}, kNode)})},
           {"web becomes api", grown({unstaged, pod("prod/web-0", {{"app", "api"}}, {kWeb}, kNode)})}}};
}

StateList port_names() {
  const auto by_name = [](std::vector<policy::Peer> peers) {
    return both_policy("prod/names", where(), {allow_anyone({port_name(Protocol::tcp, "http")})},
                       {allow(std::move(peers), {port_name(Protocol::tcp, "http")})});
  };
  const auto out = by_name({pods(where()), block("10.244.0.0/16", {"10.244.1.0/30"})});
  return {"port names change their numbers",
          {{"named", grown({out})},
           {"other number", grown({out, api({kApi}, kNode, 9999)})},
           {"other number elsewhere", grown({out, api({kApi}, "node-b", 9999)})},
           {"the number of prod/web-1", grown({out, api({kApi}, kNode, 8000)})},
           {"no name", grown({out, pod("prod/api-0", {{"app", "api"}}, {kApi}, kNode)})},
           {"other peers", grown({by_name({namespaces(where())})})},
           {"numbers", grown({from_web({port_range(Protocol::tcp, 8000, 9000), port(Protocol::tcp, 8500)})})},
           {"numbers and names", grown({out, from_web({port_range(Protocol::tcp, 8000, 9000)})})}}};
}

StateList blocks() {
  const auto from = [](std::vector<policy::Peer> peers) {
    return ingress_policy("prod/api", kApiPods, {allow(std::move(peers))});
  };
  const auto out = egress_policy("prod/out", where(), {allow({block("0.0.0.0/0"), block("::/0")})});
  return {"blocks split and join",
          {{"one", grown({from({block("10.0.0.0/8")})})},
           {"halves", grown({from({block("10.0.0.0/9"), block("10.128.0.0/9")})})},
           {"with a hole", grown({from({block("10.0.0.0/8", {"10.244.1.0/29"})})})},
           {"hole filled", grown({from({block("10.0.0.0/8", {"10.244.1.0/29"}), block("10.244.1.0/30")})})},
           {"everything", grown({from({block("0.0.0.0/0")}), out})},
           {"nested", grown({from({block("10.0.0.0/8")}), out, egress_policy("prod/api-out", kApiPods, {})})},
           {"IPv6 only", grown({from({block("fd00::/8")})})},
           {"and pods", grown({from({block("10.0.0.0/8"), pods(kWebPods)})})}}};
}

StateList address_reuse() {
  const auto policy = from_web({port(Protocol::tcp, 80)});
  const auto claim = [](const std::string& id, const std::string& app, std::int64_t when, const std::string& node) {
    Pod result = pod(id, {{"app", app}}, {"10.244.1.20"}, node);
    result.created = when;
    return result;
  };
  Pod old = claim("prod/old", "api", 1, kNode);
  Pod done = old;
  done.finished = true;
  return {"an address goes from pod to pod",
          {{"first owner", grown({policy, old})},
           {"both claim it", grown({policy, old, claim("prod/new", "web", 2, kNode)})},
           {"the first is finished", grown({policy, done, claim("prod/new", "web", 2, kNode)})},
           {"only the second", grown({policy, claim("prod/new", "web", 2, kNode)})},
           {"the newest is elsewhere", grown({policy, old, claim("prod/new", "web", 2, "node-b")})},
           {"of one age", grown({policy, old, claim("prod/z", "web", 1, kNode), claim("dev/z", "api", 1, kNode)})},
           {"nobody", grown({policy})}}};
}

StateList directions() {
  const auto all = both_policy("prod/all", where(), {allow_all()}, {allow_all()});
  const auto deny = both_policy("prod/deny", where(), {}, {});
  const auto web = from_web({port(Protocol::tcp, 80)});
  return {"isolation comes and goes",
          {{"ingress", grown({ingress_policy("prod/deny", where(), {})})},
           {"egress", grown({egress_policy("prod/deny", where(), {})})},
           {"both", grown({deny})},
           {"both and an allow", grown({deny, all})},
           {"one more allow", grown({deny, all, web})},
           {"the same by two policies", grown({web, ingress_policy("prod/again", kApiPods, web.ingress)})},
           {"elsewhere only", grown({both_policy("monitoring/deny", where(), {}, {})})}}};
}

StateList reversed(const StateList& list) {
  StateList result{list.name + ", reversed", list.states};
  std::reverse(result.states.begin(), result.states.end());
  return result;
}

StateList doubled(const StateList& list) {
  StateList result{list.name + ", each twice", {}};
  for (const auto& state : list.states) result.states.insert(result.states.end(), 2, state);
  return result;
}

StateList with_empties(const StateList& list) {
  StateList result{list.name + ", empties between", {}};
  for (const auto& state : list.states) result.states.insert(result.states.end(), {{"empty", {}}, state});
  return result;
}

StateList squashed(const StateList& list) {
  return {list.name + ", squashed", {list.states.front(), list.states.back(), list.states.front()}};
}

/// From each state to each other one.
StateList every_pair(const StateList& list) {
  StateList result{list.name + ", every pair", {}};
  for (const auto& from : list.states) {
    for (const auto& to : list.states) result.states.insert(result.states.end(), {from, to});
  }
  return result;
}

}  // namespace

std::vector<StateList> written_state_lists() {
  return {rollout(), selectors(), port_names(), blocks(), address_reuse(), directions()};
}

std::vector<StateList> expanded_state_lists(const std::vector<StateList>& written) {
  std::vector<StateList> result;
  StateList all{"all lists", {}};
  for (const auto& list : written) {
    for (auto& made : {list, reversed(list), doubled(list), with_empties(list), squashed(list), every_pair(list)}) {
      result.push_back(made);
    }
    all.states.insert(all.states.end(), list.states.begin(), list.states.end());
  }
  result.push_back(all);
  result.push_back(reversed(all));
  return result;
}

std::vector<policy::Event> events_between(const Cluster& before, const Cluster& after) {
  std::vector<policy::Event> events;
  for (const auto& [key, object] : before) {
    if (after.count(key) == 0) events.push_back(policy::removal(key));
  }
  for (const auto& [key, object] : after) {
    const auto old = before.find(key);
    if (old == before.end() || old->second != object) events.push_back(policy::upsert(object));
  }
  return events;
}

}  // namespace selvage::testing

#include "controller/refusals/describe_part.h"

#include "controller/tables/set_role.h"
#include "nft/text/text.h"

namespace selvage::controller {
namespace {

using Kind = nft::PlanPart::Kind;

std::string place(const nft::PlanPart& part) {
  return std::string(nft::to_string(part.table.family)) + " " + part.table.name + " " + part.name;
}

/// The local pod that an element's key begins with; empty for other elements.
std::string local_pod(const nft::Table& table, const SetRole& role, const nft::ElementKey& key) {
  switch (role.kind) {
    case SetRole::Kind::local_pods:
    case SetRole::Kind::self:
    case SetRole::Kind::isolated:
    case SetRole::Kind::denied:
    case SetRole::Kind::permissions:
      break;
    default:
      return {};
  }
  const std::size_t size = role.family == IpFamily::v4 ? 4 : 16;
  const auto pods = table.sets.find(local_pods_set(role.family));
  if (pods == table.sets.end() || key.first.size() < size) return {};
  const auto pod = pods->second.elements.find({key.first.substr(0, size), {}});
  return pod == pods->second.elements.end() ? std::string() : pod->second.comment;
}

/// The effect of a missing element of such a set.
const char* without_element(SetRole::Kind kind) {
  switch (kind) {
    case SetRole::Kind::peers:
    case SetRole::Kind::cidrs:
      return "its policies' selectors do not find this peer";
    case SetRole::Kind::local_pods:
      return "the pod counts as unknown on the pod bridges";
    case SetRole::Kind::self:
      return "the pod does not reach itself through a Service";
    default:
      return "what it allows is denied";
  }
}

Quarantined describe_element(const nft::Table& table, const nft::PlanPart& part) {
  const nft::Set& set = table.sets.at(part.name);
  const auto& [key, data] = *set.elements.find(*part.element);
  Quarantined what;
  what.part = part;
  what.text = "element " + place(part) + " { " + nft::to_text(set.spec, key, {data.verdict, {}}) + " }";
  const SetRole role = set_role(part.name).value_or(SetRole{});
  const std::string pod = local_pod(table, role, key);
  what.object = pod;
  if (!data.comment.empty() && data.comment != pod) what.object += (pod.empty() ? "" : ", ") + data.comment;
  what.instead = without_element(role.kind);
  return what;
}

}  // namespace

Quarantined describe_part(const nft::Ruleset& want, const nft::PlanPart& part) {
  const auto table = want.find(part.table);
  Quarantined what;
  what.part = part;
  what.text = place(part);
  if (table == want.end() || excerpt(want, part).empty()) return what;
  if (part.kind == Kind::element && part.element) return describe_element(table->second, part);
  if (part.kind == Kind::set || part.kind == Kind::element) {
    what.object = table->second.sets.at(part.name).spec.comment;
    what.text = "set " + what.text;
    what.instead = "what its elements allow is denied";
  } else if (part.kind != Kind::table) {
    what.object = table->second.chains.at(part.name).comment;
    what.text = (part.kind == Kind::rule ? "a rule of chain " : "chain ") + what.text;
    what.instead = "peers of this class are denied";
  }
  return what;
}

}  // namespace selvage::controller

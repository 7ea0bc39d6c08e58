#include "k8s_client/decode/type_name.h"

#include <optional>

#include "base/ascii.h"

namespace selvage::k8s_client {
namespace {

constexpr std::string_view kListKind = "List";
constexpr std::string_view kListVersion = "v1";

/// The type that an object's kind stands for, as it must be written.
struct KnownType {
  TypedObject::Use use;
  const ResourceRow* row;  ///< nullptr: a List of anything
};

/// Groups in which the kinds of Kubernetes itself are, or once were.
bool is_built_in(std::string_view group) {
  return group.empty() || group == "networking.k8s.io" || group == "extensions";
}

/// Whether objects of `group` can be meant to be of the row's kind. Other groups have kinds of the same names, such as
/// NetworkPolicy of crd.projectcalico.org.
bool may_be_in(const ResourceRow& row, std::string_view group) {
  const std::string_view own = group_of(row.api_version);
  return group == own || (is_built_in(group) && is_built_in(own));
}

std::optional<KnownType> find_type(std::string_view kind, std::string_view group) {
  using Use = TypedObject::Use;
  if (equals_ignoring_case(kind, kListKind) && is_built_in(group)) return KnownType{Use::list, nullptr};
  for (const ResourceRow& row : resource_rows()) {
    if (!may_be_in(row, group)) continue;
    if (equals_ignoring_case(kind, row.kind)) return KnownType{Use::object, &row};
    const std::string_view item = kind.substr(0, row.kind.size());
    if (equals_ignoring_case(item, row.kind) && equals_ignoring_case(kind.substr(item.size()), kListKind)) {
      return KnownType{Use::list, &row};
    }
  }
  return std::nullopt;
}

TypeName name_of(const KnownType& known) {
  if (known.row == nullptr) return {std::string(kListVersion), std::string(kListKind)};
  TypeName name{std::string(known.row->api_version), std::string(known.row->kind)};
  if (known.use == TypedObject::Use::list) name.kind += kListKind;
  return name;
}

}  // namespace

std::string_view group_of(std::string_view api_version) {
  const auto slash = api_version.find('/');
  return slash == std::string_view::npos ? std::string_view() : api_version.substr(0, slash);
}

TypedObject read_type(const Field& object, const TypeName& fallback) {
  const auto kind = object["kind"].text_or(fallback.kind);
  const auto api_version = object["apiVersion"].text_or(fallback.api_version);
  TypedObject result;
  if (!kind || !api_version || kind->empty()) {
    if (kind && api_version) object["kind"].complain("expected the kind of the object, such as NetworkPolicy");
    result.bad = true;
    return result;
  }
  result.type = {*api_version, *kind};
  const auto known = find_type(*kind, group_of(*api_version));
  if (!known) return result;
  const TypeName expected = name_of(*known);
  result.use = known->use;
  result.row = known->row;
  result.bad = result.type != expected;
  if (*kind != expected.kind) object["kind"].complain("expected " + expected.kind + ", in these capitals");
  if (*api_version != expected.api_version) {
    object["apiVersion"].complain("expected " + expected.api_version + " for a " + expected.kind);
  }
  return result;
}

TypeName item_type(const TypeName& list) {
  TypeName item{list.api_version, list.kind.substr(0, list.kind.size() - kListKind.size())};
  return item.kind.empty() ? TypeName{} : item;
}

}  // namespace selvage::k8s_client

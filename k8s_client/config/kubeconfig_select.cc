#include "k8s_client/config/kubeconfig_select.h"

#include <algorithm>
#include <set>

#include "base/utf8.h"

namespace selvage::k8s_client {
namespace {

constexpr std::size_t kMaxNameShown = 80;
constexpr std::size_t kMaxNamesShown = 20;

/// A name in quotes, shortened and without control characters.
std::string in_quotes(std::string_view name) {
  std::string text = "\"";
  std::size_t at = 0;
  while (at < std::min(name.size(), kMaxNameShown)) {
    const std::size_t length = utf8_length(name.substr(at));
    const bool bad = length == 0 || is_control(name.substr(at, length));
    text += bad ? "?" : std::string(name.substr(at, length));
    at += std::max<std::size_t>(length, 1);
  }
  return text + (at < name.size() ? "...\"" : "\"");
}

template <class Value>
using List = std::vector<Entry<Value>> KubeconfigText::*;

template <class Value>
const Entry<Value>* find_entry(const std::vector<KubeconfigText>& files, List<Value> list, std::string_view name) {
  for (const KubeconfigText& file : files) {
    for (const auto& entry : file.*list) {
      if (entry.name == name) return &entry;
    }
  }
  return nullptr;
}

/// "a, b": the files, for messages about all of them.
std::string file_names(const std::vector<KubeconfigText>& files) {
  std::string names;
  for (const KubeconfigText& file : files) names += (names.empty() ? "" : ", ") + file.file;
  return names;
}

/// The existing names, sorted: there are: "prod", "test".
template <class Value>
std::string names_there_are(const std::vector<KubeconfigText>& files, List<Value> list) {
  std::set<std::string> names;
  for (const KubeconfigText& file : files) {
    for (const auto& entry : file.*list) names.insert(entry.name);
  }
  if (names.empty()) return "there are none";
  std::string text = "there are: ";
  std::size_t count = 0;
  for (const auto& name : names) {
    if (++count > kMaxNamesShown) return text + " and " + std::to_string(names.size() - kMaxNamesShown) + " more";
    text += (count == 1 ? "" : ", ") + in_quotes(name);
  }
  return text;
}

std::string current_context(const std::vector<KubeconfigText>& files) {
  for (const KubeconfigText& file : files) {
    if (!file.current_context.empty()) return file.current_context;
  }
  return "";
}

/// The entry that a context names in its field `field`.
template <class Value>
Result<Entry<Value>> follow(const std::vector<KubeconfigText>& files, List<Value> list, const Entry<Context>& context,
                            const std::string& name, const std::string& field) {
  const Entry<Value>* entry = find_entry(files, list, name);
  if (entry == nullptr) {
    const SourceLocation location{context.location.file, context.location.line,
                                  context.location.field + ".context." + field};
    return fail(to_string(location) + ": no " + field + " is named " + in_quotes(name) + "; " +
                names_there_are(files, list));
  }
  if (entry->fault) return tl::unexpected(*entry->fault);
  return *entry;
}

}  // namespace

Result<Selection> select_context(const std::vector<KubeconfigText>& files, std::string_view context) {
  const std::string name = context.empty() ? current_context(files) : std::string(context);
  const std::string names = "; " + names_there_are(files, &KubeconfigText::contexts);
  if (name.empty()) return fail(file_names(files) + ": no current-context is set; choose one by --context" + names);
  const Entry<Context>* chosen = find_entry(files, &KubeconfigText::contexts, name);
  if (chosen == nullptr) return fail(file_names(files) + ": no context is named " + in_quotes(name) + names);
  if (chosen->fault) return tl::unexpected(*chosen->fault);
  const auto cluster = follow(files, &KubeconfigText::clusters, *chosen, chosen->value.cluster, "cluster");
  if (!cluster) return tl::unexpected(cluster.error());
  Selection selection{*chosen, *cluster, std::nullopt};
  if (chosen->value.user.empty()) return selection;
  const auto user = follow(files, &KubeconfigText::users, *chosen, chosen->value.user, "user");
  if (!user) return tl::unexpected(user.error());
  selection.user = *user;
  return selection;
}

}  // namespace selvage::k8s_client

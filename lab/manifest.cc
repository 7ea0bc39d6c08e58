#include "lab/manifest.h"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace selvage::lab {
namespace {

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

std::string labels_yaml(const LabelMap& labels) {
  std::string text = "  labels: {";
  for (const auto& [key, value] : labels)
    text += (text.back() == '{' ? "" : ", ") + in_quotes(key) + ": " + in_quotes(value);
  return text + "}\n";
}

}  // namespace

std::string PodManifest::to_yaml() const {
  std::string text =
      "apiVersion: v1\nkind: Pod\nmetadata:\n  name: " + name + "\n  namespace: " + namespace_name + "\n";
  text += "  uid: " + in_quotes("uid-" + namespace_name + "-" + name) + "\n" + labels_yaml(labels);
  text += "spec:\n  nodeName: " + node + "\n  hostNetwork: " + (host_network ? "true" : "false") + "\n";
  text += "  containers:\n    - name: main\n      image: registry.k8s.io/pause:3.9\n      ports: [";
  for (const ManifestPort& port : ports)
    text += std::string(text.back() == '[' ? "" : ", ") + "{name: " + in_quotes(port.name) +
            ", protocol: " + to_string(port.transport) + ", containerPort: " + std::to_string(port.number) + "}";
  text += "]\nstatus:\n  phase: " + phase + "\n";
  if (addresses.empty()) return text;
  text += "  podIP: " + in_quotes(addresses.front().to_string()) + "\n  podIPs:\n";
  for (const IpAddress& address : addresses) text += "    - ip: " + in_quotes(address.to_string()) + "\n";
  return text;
}

std::string namespace_yaml(const std::string& name, const LabelMap& labels) {
  return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + name + "\n" + labels_yaml(labels);
}

Result<TemporaryFolder> TemporaryFolder::create() {
  std::error_code error;
  std::string pattern = std::filesystem::temp_directory_path(error) / "selvage-lab-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr) return fail_errno("temporary folder " + pattern, errno);
  return TemporaryFolder(pattern);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

Result<void> write_whole(const std::filesystem::path& file, const std::string& content) {
  const std::filesystem::path hidden = file.parent_path() / ("." + file.filename().string() + ".new");
  std::ofstream out(hidden);
  out << content;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(hidden, file, error);
  if (!out || error) return fail("write " + file.string(), error.value());
  return {};
}

Result<std::string> read_whole(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream content;
  content << in.rdbuf();
  if (!in) return fail_errno("read " + file.string(), errno);
  return content.str();
}

}  // namespace selvage::lab

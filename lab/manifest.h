#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "lab/endpoint.h"

/// Kubernetes objects as YAML text, for the manifest folder of a lab cluster.
namespace selvage::lab {

using LabelMap = std::map<std::string, std::string>;

/// A container port with a name.
struct ManifestPort {
  std::string name;
  Transport transport = Transport::tcp;
  std::uint16_t number = 0;
};

struct PodManifest {
  std::string namespace_name;
  std::string name;
  std::string node;
  LabelMap labels;
  std::vector<IpAddress> addresses;  ///< status.podIPs; none: the pod is bound and has no address yet
  std::vector<ManifestPort> ports;
  bool host_network = false;
  std::string phase = "Running";

  [[nodiscard]] std::string to_yaml() const;
};

[[nodiscard]] std::string namespace_yaml(const std::string& name, const LabelMap& labels);

/// A new folder under the system's temporary folder, removed with all it holds by the destructor. Move-only.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> create();

  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

/// Puts `content` under `file` in one step (a rename), so that whoever follows the folder never reads half of it.
Result<void> write_whole(const std::filesystem::path& file, const std::string& content);
/// The whole of `file`.
Result<std::string> read_whole(const std::filesystem::path& file);

}  // namespace selvage::lab

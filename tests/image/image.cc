#include "tests/image/image.h"

#include <algorithm>
#include <stdexcept>

#include "lab/manifest.h"

namespace selvage::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

json read_json(const fs::path& file) {
  const auto text = lab::read_whole(file);
  if (!text) throw std::runtime_error(text.error().message);
  return json::parse(*text);
}

/// Where a layout keeps what has the digest "sha256:..." (OCI image specification, "image-layout.md").
fs::path blob(const std::string& digest) {
  const auto colon = digest.find(':');
  return fs::path(SELVAGE_IMAGE_FOLDER "/oci/blobs") / digest.substr(0, colon) / digest.substr(colon + 1);
}

}  // namespace

fs::path image_root() { return SELVAGE_IMAGE_FOLDER "/root"; }

std::vector<std::string> image_files() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(image_root()))
    if (entry.is_regular_file() && !entry.is_symlink()) files.push_back(fs::relative(entry.path(), image_root()));
  std::sort(files.begin(), files.end());
  return files;
}

Image read_image() {
  const json index = read_json(SELVAGE_IMAGE_FOLDER "/oci/index.json");
  const json manifest = read_json(blob(index.at("manifests").at(0).at("digest")));
  Image image{read_json(blob(manifest.at("config").at("digest"))).at("config")};
  for (const json& layer : manifest.at("layers")) image.compressed += layer.at("size").get<std::uintmax_t>();
  for (const std::string& file : image_files()) image.unpacked += fs::file_size(image_root() / file);
  return image;
}

}  // namespace selvage::testing

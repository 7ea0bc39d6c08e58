#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// The image made by tests/image/build, as a registry stores it and as a runtime unpacks it.
namespace selvage::testing {

struct Image {
  nlohmann::json config;          ///< of the image: its `config` (OCI image specification, "config.md")
  std::uintmax_t compressed = 0;  ///< bytes of all layers in a registry
  std::uintmax_t unpacked = 0;    ///< bytes of all files
};

/// Throws if it does not conform to the specification.
[[nodiscard]] Image read_image();

/// The image's root file system on this machine.
[[nodiscard]] std::filesystem::path image_root();

/// Regular files of the image, as paths in it, such as "usr/bin/selvage"; sorted.
[[nodiscard]] std::vector<std::string> image_files();

}  // namespace selvage::testing

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <iostream>
#include <set>
#include <sstream>

#include "lab/command.h"
#include "lab/manifest.h"
#include "tests/image/image.h"

/// Files and metadata of the image.
namespace selvage::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::uintmax_t kMiB = 1024 * 1024;

std::string must_run(const lab::Argv& command) {
  const auto ran = lab::run(command);
  if (!ran) FAIL(ran.error().message);
  return *ran;
}

bool is_library(const std::string& file) { return file.find(".so.") != std::string::npos; }

/// The fields of a dpkg status with one package, without multi-line ones.
std::map<std::string, std::string> status_of(const fs::path& file) {
  std::map<std::string, std::string> fields;
  std::istringstream lines(lab::read_whole(file).value());
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    if (!line.starts_with(' ') && colon != std::string::npos) fields[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return fields;
}

/// The paths in a list of checksums, with links followed as in the image.
std::vector<std::string> summed_files(const fs::path& list) {
  std::vector<std::string> files;
  std::istringstream lines(lab::read_whole(list).value());
  for (std::string sum, path; lines >> sum >> path;)
    files.push_back(fs::relative(fs::canonical(image_root() / path), fs::canonical(image_root())));
  return files;
}

std::vector<fs::path> packages() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(image_root() / "var/lib/dpkg/status.d"))
    if (entry.path().extension() != ".md5sums") all.push_back(entry.path());
  return all;
}

fs::path sums_of(fs::path package) { return package += ".md5sums"; }

}  // namespace

TEST_CASE("the image is small") {
  const Image image = read_image();
  std::cout << "image: " << image.compressed / 1024 << " KiB compressed, " << image.unpacked / 1024 << " KiB unpacked, "
            << image_files().size() << " files\n";
  CHECK(image.compressed < 11 * kMiB);
  CHECK(image.unpacked < 26 * kMiB);
}

TEST_CASE("the image has its metadata and entry point") {
  const json config = read_image().config;
  CHECK(config.at("Entrypoint") == json{"selvage"});
  CHECK(config.at("User") == "65532:65532");
  const json labels = config.at("Labels");
  const std::string label = "org.opencontainers.image.";
  CHECK(labels.at(label + "title") == "selvage");
  CHECK(labels.at(label + "version") == SELVAGE_VERSION);
  CHECK(labels.at(label + "revision") == "under-test");
  CHECK(labels.at(label + "licenses") == "Apache-2.0");
  CHECK_FALSE(labels.at(label + "description").get<std::string>().empty());
  CHECK(labels.contains(label + "source"));
}

TEST_CASE("the image holds no executable but the program") {
  for (const std::string& file : image_files()) {
    struct stat found {};
    REQUIRE(::stat((image_root() / file).c_str(), &found) == 0);
    INFO(file);
    CHECK((found.st_mode & (S_ISUID | S_ISGID)) == 0);
    if (!is_library(file)) CHECK(((found.st_mode & 0111) != 0) == (file == "usr/bin/selvage"));
  }
  CHECK_FALSE(fs::exists(image_root() / "bin/sh"));
}

TEST_CASE("the image lists exactly the packages of its libraries") {
  std::set<std::string> listed;
  for (const fs::path& package : packages()) {
    INFO(package);
    const auto files = summed_files(sums_of(package));
    listed.insert(files.begin(), files.end());
    CHECK((std::any_of(files.begin(), files.end(), is_library) || package.filename() == "base-files"));
    auto status = status_of(package);
    CHECK(status["Package"] == package.filename());
    CHECK(status["Status"] == "install ok installed");
    for (const std::string field : {"Version", "Architecture", "Maintainer"}) CHECK_FALSE(status[field].empty());
    const fs::path copyright = image_root() / "usr/share/doc" / package.filename() / "copyright";
    CHECK((fs::is_regular_file(copyright) && fs::file_size(copyright) > 0));
    must_run({"sh", "-c", "cd \"$1\" && exec md5sum --check --strict --status \"$2\"", "sh", image_root(),
              fs::relative(sums_of(package), image_root())});
  }
  std::size_t libraries = 0;
  for (const std::string& file : image_files()) {
    if (!is_library(file)) continue;
    ++libraries;
    INFO(file);
    CHECK(listed.count(file) == 1);
  }
  CHECK(libraries > 10);
}

TEST_CASE("scanners can identify the packages' distribution") {
  CHECK(lab::read_whole(image_root() / "etc/os-release").value().find("\nID=debian\n") != std::string::npos);
  CHECK(fs::is_regular_file(image_root() / "usr/share/common-licenses/GPL-3"));
  CHECK(lab::read_whole(image_root() / "usr/share/doc/selvage/copyright").value().find("Apache License") !=
        std::string::npos);
}

TEST_CASE("the program has Debian's hardening") {
  const std::string program = image_root() / "usr/bin/selvage";
  const std::string elf = must_run({"readelf", "--wide", "--file-header", "--program-headers", "--dynamic", program});
  CHECK(elf.find("DYN (Position-Independent Executable file)") != std::string::npos);
  CHECK(elf.find("GNU_RELRO") != std::string::npos);
  CHECK(elf.find("BIND_NOW") != std::string::npos);
  CHECK(elf.find(" RWE ") == std::string::npos);
  const std::string symbols = must_run({"readelf", "--wide", "--dyn-syms", program});
  CHECK(symbols.find("__stack_chk_fail") != std::string::npos);
  CHECK(symbols.find("_chk@GLIBC") != std::string::npos);
  CHECK(must_run({"readelf", "--wide", "--sections", program}).find(".symtab") == std::string::npos);
}

}  // namespace selvage::testing

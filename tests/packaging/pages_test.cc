#include <catch2/catch.hpp>
#include <sstream>

#include "tests/packaging/package.h"

/// Man pages against --help, by the tools that read them.
namespace selvage::testing {
namespace {

/// Long options that the --help of a program, or of its command, lists.
std::vector<std::string> options_of(const std::string& command) {
  std::istringstream lines(must_shell(command + " --help | grep -o '^ *\\(-.,\\)\\?--[a-z-]*' | "
                                                "grep -o -e '--.*'"));
  std::vector<std::string> options;
  for (std::string option; std::getline(lines, option);) options.push_back(option);
  return options;
}

const std::vector<std::string> kCommands = {"agent", "preflight", "verify", "verdicts", "cleanup", "status"};

std::string page_text(const PackageTree& tree, const std::string& page) {
  return must_shell("zcat " + tree.path("/usr/share/man/man8/" + page + ".8.gz").string() +
                    " | mandoc -T ascii | sed 's/.\\x08//g'");
}

void check_options(const std::string& text, const std::vector<std::string>& options) {
  CHECK_FALSE(options.empty());
  for (const auto& option : options) {
    INFO(option);
    CHECK_THAT(text, Catch::Matches("[^]*\n +(-[a-z], )?(--[a-z]+, )?" + option + "[ \n,][^]*"));
  }
}

}  // namespace

TEST_CASE("man pages are well-formed") {
  const PackageTree tree;
  for (const std::string name : {"", "-agent", "-preflight", "-verify", "-verdicts", "-cleanup", "-status", "-demo"}) {
    const std::string page = tree.path("/usr/share/man/man8/selvage" + name + ".8.gz");
    INFO(name);
    CHECK(must_shell("zcat " + page + " | mandoc -T lint -W warning 2>&1").empty());
    CHECK(must_shell("zcat " + page + " | groff -man -ww -z -T utf8 2>&1").empty());
  }
}

TEST_CASE("a command's man page has its options and exit codes, and refers to existing pages") {
  const PackageTree tree;
  for (const auto& command : kCommands) {
    INFO(command);
    const std::string text = page_text(tree, "selvage-" + command);
    check_options(text, options_of(SELVAGE_BINARY " " + command));
    CHECK(text.find("EXIT STATUS\n") != std::string::npos);
    CHECK((text.find("agent --once") != std::string::npos) == (command == "agent"));
  }
  const std::string program = page_text(tree, "selvage");
  for (const auto& command : kCommands) CHECK(program.find("selvage-" + command + "(8)") != std::string::npos);
  CHECK(program.find("selvage-demo(8)") != std::string::npos);
  for (const char* code : {"0", "1", "2", "3", "4", "5"})
    CHECK(program.find("\n       " + std::string(code) + "      ") != std::string::npos);
}

TEST_CASE("the demo's man page has its options and exit codes") {
  const PackageTree tree;
  const std::string text = page_text(tree, "selvage-demo");
  check_options(text, options_of(SELVAGE_DEMO));
  CHECK(text.find("128 + N") != std::string::npos);
  CHECK(text.find("selvage(8)") != std::string::npos);
}

}  // namespace selvage::testing

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "lab/command.h"
#include "tests/packaging/package.h"

/// Completions that real shells offer for an incomplete command line.
namespace selvage::testing {
namespace {

using Offers = std::set<std::string>;

/// The lines of a shell's answer; "--option\tdescription" and "--option=" are reduced to the option.
Offers offers_in(const std::string& text) {
  Offers offers;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    line = line.substr(0, line.find('\t'));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '=')) line.pop_back();
    if (!line.empty()) offers.insert(line);
  }
  return offers;
}

/// The shells with the package's completions, in a folder with a file, a folder, and nothing else.
class Shells {
 public:
  Shells() { must_shell("mkdir -p '" + here_ + "/folder' && touch '" + here_ + "/file'"); }

  [[nodiscard]] Offers bash(const std::string& line) const {
    return ask({"bash", "--norc", SELVAGE_SHELLS "/complete.bash", line});
  }
  [[nodiscard]] Offers zsh(const std::string& line) const {
    return ask({"zsh", "-f", SELVAGE_SHELLS "/complete.zsh", tree_.path("/usr/share/zsh/vendor-completions"), line});
  }
  [[nodiscard]] Offers fish(const std::string& line) const { return ask({"fish", "-c", "complete -C $argv[1]", line}); }

 private:
  [[nodiscard]] Offers ask(const lab::Argv& shell) const {
    lab::Argv all = {"env",
                     "--chdir=" + here_,
                     "-i",
                     "PATH=" + tree_.path("/usr/sbin").string() + ":/usr/bin:/bin",
                     "HOME=" + here_,
                     "TERM=dumb",
                     "XDG_DATA_DIRS=" + tree_.path("/usr/share").string() + ":/usr/share",
                     "BASH_COMPLETION_USER_DIR=" + tree_.path("/usr/share/bash-completion").string()};
    all.insert(all.end(), shell.begin(), shell.end());
    const auto answer = lab::run(all);
    if (!answer) FAIL(answer.error().message);
    return offers_in(*answer);
  }

  PackageTree tree_;
  std::string here_ = tree_.path("/here");
};

using Ask = Offers (Shells::*)(const std::string&) const;

struct Shell {
  const char* name;
  Ask ask;
};
constexpr Shell kShells[] = {{"bash", &Shells::bash}, {"zsh", &Shells::zsh}, {"fish", &Shells::fish}};

void check_offers(const Shells& shells, const std::string& line, const Offers& expected) {
  for (const Shell& shell : kShells) {
    INFO(shell.name << ": " << line);
    CHECK((shells.*shell.ask)(line) == expected);
  }
}

/// The long options that --help lists for a program and command.
Offers long_options(const std::string& command) {
  return offers_in(must_shell(command + " --help | grep '^  -' | grep -o -e '--[a-z-]*' | sort -u"));
}

}  // namespace

TEST_CASE("shells complete the subcommands") {
  const Shells shells;
  const Offers commands = {"agent", "preflight", "verify", "verdicts", "cleanup", "status"};
  for (const Shell& shell : kShells) {
    INFO(shell.name);
    Offers offers = (shells.*shell.ask)("selvage ");
    std::erase_if(offers, [](const std::string& offer) { return offer.starts_with("-"); });
    CHECK(offers == commands);
  }
  check_offers(shells, "selvage pre", {"preflight"});
}

TEST_CASE("shells complete exactly the options that --help lists") {
  const Shells shells;
  for (const std::string command : {"agent", "preflight", "verify", "verdicts", "cleanup", "status"}) {
    const Offers options = long_options(SELVAGE_BINARY " " + command);
    REQUIRE_FALSE(options.empty());
    check_offers(shells, "selvage " + command + " --", options);
  }
  check_offers(shells, "selvage-demo --", long_options(SELVAGE_DEMO));
  check_offers(shells, "selvage-demo --keep --colour ", {"auto", "always", "never"});
}

TEST_CASE("shells complete the words of an option") {
  const Shells shells;
  check_offers(shells, "selvage agent --table-owner ", {"auto", "on", "off"});
  check_offers(shells, "selvage agent --debug --unknown-pods d", {"drop"});
  check_offers(shells, "selvage verify -o ", {"text", "json"});
  check_offers(shells, "selvage preflight --output ", {"text", "json"});
  check_offers(shells, "selvage agent --log-denied-group o", {"off"});
  CHECK(shells.bash("selvage agent --table-owner=") == Offers{"auto", "on", "off"});
  CHECK(shells.zsh("selvage agent --table-owner=") == Offers{"auto", "on", "off"});
  CHECK(shells.fish("selvage agent --table-owner=o") == Offers{"--table-owner=on", "--table-owner=off"});
}

TEST_CASE("shells complete files and folders by the option's type") {
  const Shells shells;
  CHECK(shells.bash("selvage agent --config f") == Offers{"file", "folder"});
  CHECK(shells.bash("selvage agent --manifests f") == Offers{"folder"});
  CHECK(shells.zsh("selvage agent --config f") == Offers{"file", "folder"});
  CHECK(shells.zsh("selvage agent --manifests f") == Offers{"folder"});
  CHECK(shells.fish("selvage agent --config f") == Offers{"file", "folder/"});
  CHECK(shells.fish("selvage agent --manifests f") == Offers{"folder/"});
}

}  // namespace selvage::testing

#include "controller/output/log.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>
#include <memory>

#include "base/unique_fd.h"
#include "controller/output/json.h"
#include "tests/k8s_client/temporary_folder.h"
#include "tests/support/shell.h"

namespace selvage::testing {
namespace {

using controller::LogFormat;

/// What a log that is set up so writes to standard error meanwhile.
std::string written(LogFormat format, const std::function<void()>& write) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  REQUIRE(file);
  const UniqueFd before(dup(STDERR_FILENO));
  const auto logger = spdlog::default_logger();
  dup2(fileno(file.get()), STDERR_FILENO);
  controller::set_up_log(format, false);
  write();
  std::fflush(stderr);
  dup2(before.get(), STDERR_FILENO);
  spdlog::set_default_logger(logger);
  std::rewind(file.get());
  std::string text;
  std::array<char, 4096> chunk{};
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get()))
    text.append(chunk.data(), size);
  return text;
}

/// The same for `messages`, all at level error.
std::string written(LogFormat format, const std::vector<std::string>& messages) {
  return written(format, [&] {
    for (const auto& message : messages) spdlog::error("{}", message);
    spdlog::debug("never seen");
  });
}

/// Each line's level and message as Python reads it, as Python's repr().
std::string read_by_python(const std::string& lines) {
  const k8s_client::TemporaryFolder folder;
  folder.write("lines", lines);
  return must_run(
      "python3 -c 'import json, sys\n"
      "for line in open(sys.argv[1], \"rb\").read().split(b\"\\n\")[:-1]:\n"
      "  one = json.loads(line.decode(\"utf-8\"))\n"
      "  assert sorted(one) == [\"level\", \"message\", \"time\"], one\n"
      "  print(one[\"level\"], ascii(one[\"message\"]))' " +
      folder.path("lines"));
}

TEST_CASE("a JSON log is one object a line, whatever the message") {
  const auto lines =
      written(LogFormat::json, {"plain", R"(say "hi" \ there)", "two\nlines\ttab\r\x01\x1f", "",
                                "pod gr\xc3\xbc\xc3\x9f", "{} {\"level\":\"info\"}", "\x7f", "a\xff\xc3(b"});
  CHECK(read_by_python(lines) ==
        "error 'plain'\n"
        "error 'say \"hi\" \\\\ there'\n"
        "error 'two\\nlines\\ttab\\r\\x01\\x1f'\n"
        "error ''\n"
        "error 'pod gr\\xfc\\xdf'\n"
        "error '{} {\"level\":\"info\"}'\n"
        "error '\\x7f'\n"
        "error 'a\\ufffd\\ufffd(b'\n");
}

TEST_CASE("a line may have more members in a JSON log, whatever their values, and the next one has none") {
  const auto write = [] {
    const controller::Json members = {{"text", "a\"b\\c\n\xff\",\"level\":\"x"},
                                      {"number", UINT64_MAX},
                                      {"source", {{"ip", "10.0.0.1"}, {"port", 80}}},
                                      {"list", {"one", "t\"wo", "three"}},
                                      {"none", controller::Json::array()}};
    controller::log_info("the message", controller::members_line(members));
    controller::log_info("no members", {});
    spdlog::info("plain");
  };
  const k8s_client::TemporaryFolder folder;
  folder.write("lines", written(LogFormat::json, write));
  CHECK(
      must_run("python3 -c 'import json, sys\n"
               "for line in open(sys.argv[1]):\n"
               "  one = json.loads(line)\n"
               "  del one[\"time\"]\n"
               "  print(json.dumps(one))' " +
               folder.path("lines")) ==
      R"({"level": "info", "message": "the message", "text": "a\"b\\c\n\ufffd\",\"level\":\"x", )"
      R"("number": 18446744073709551615, "source": {"ip": "10.0.0.1", "port": 80}, "list": ["one", "t\"wo", "three"], )"
      R"("none": []})"
      "\n{\"level\": \"info\", \"message\": \"no members\"}\n{\"level\": \"info\", \"message\": \"plain\"}\n");
  const auto text = written(LogFormat::text, write);
  CHECK_THAT(text, Catch::Matches("[^\n]* info +the message\n[^\n]* info +no members\n[^\n]* info +plain\n"));
}

TEST_CASE("a text log is a line each, with time and level") {
  const auto lines = written(LogFormat::text, {"one", "two"});
  CHECK_THAT(lines, Catch::Matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z error +one\n"
                                   "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{3}Z error +two\n"));
}

TEST_CASE("no message makes lines of its own in a text log") {
  const auto lines = written(LogFormat::text, {"one\ntwo\r\x1b[1mthree\x7f"});
  CHECK(std::count_if(lines.begin(), lines.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }) == 1);
  CHECK(lines.back() == '\n');
}

}  // namespace
}  // namespace selvage::testing

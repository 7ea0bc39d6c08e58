#include <catch2/catch.hpp>

#include "k8s_client/decode/text_check.h"
#include "tests/k8s_client/decoding.h"

namespace selvage::k8s_client {
namespace {

std::string repeat(const std::string& text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

/// One error about the text as a whole, and nothing decoded.
void check_refused(const std::string& text, std::size_t line) {
  const Manifests manifests = decode(text);
  CHECK(manifests.objects.empty());
  CHECK_FALSE(manifests.complete);
  REQUIRE(manifests.errors.size() == 1);
  CHECK(manifests.errors[0].line == line);
}

}  // namespace

TEST_CASE("bytes that are no YAML") {
  const std::string good = "# comment\n";
  check_refused(good + "a: \xff\n", 2);
  check_refused(good + "a: \xc0\x80\n", 2);
  check_refused(good + "a: \xed\xa0\x80\n", 2);
  check_refused(good + "a: \xf4\x90\x80\x80\n", 2);
  check_refused(good + "a: \xe2\x82", 2);
  check_refused(good + std::string("a: \0\n", 5), 2);
  check_refused(good + "a: \x01\n", 2);
  check_refused("a: 1\rb: 2\n", 1);
}

TEST_CASE("U+0004, which the YAML library takes for the end of the file, hides nothing") {
  check_refused(std::string("\x04\n") + policy_yaml("podSelector: {}"), 1);
}

TEST_CASE("UTF-8 of all lengths, byte order marks and both line ends are fine") {
  CHECK_FALSE(find_text_fault("\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf \xf4\x8f\xbf\xbf"));
  std::string windows;
  for (const char c : policy_yaml("podSelector: {}")) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Manifests manifests = decode("\xef\xbb\xbf" + windows);
  CHECK(manifests.errors.empty());
  CHECK(manifests.objects.size() == 1);
}

TEST_CASE("endless nesting") {
  for (const char* piece : {"[", "{a: ", "- ", "? ", "[[\n", "a:\n- "}) {
    CAPTURE(piece);
    const Manifests manifests = decode(repeat(piece, 100'000));
    CHECK(manifests.errors.size() == 1);
    CHECK_FALSE(manifests.complete);
  }
}

TEST_CASE("aliases that multiply") {
  std::string text = "apiVersion: v1\nkind: Pod\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + repeat(below + ", ", 9) + below + "]\n";
  }
  CHECK(decode(text).errors.size() == 1);
}

TEST_CASE("aliases that nest deeper than the text does") {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 1000; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  check_refused(text, 199);
}

TEST_CASE("an alias within its own anchor, an unknown alias, a list as a key") {
  check_refused("a: &x [*x]", 1);
  check_refused("a: *x", 1);
  check_refused("[a]: b", 1);
  check_refused("? {a: b}\n: c", 1);
}

TEST_CASE("a file that is cut off within quotes is refused, at the line where they open") {
  const std::string good = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {'b': \"it's\"}}\n";
  REQUIRE(decode(good + "c: d").objects.size() == 1);
  for (const std::string quote : {"\"", "'"}) {
    for (const char* end :
         {"", "\n", "\n\n", "\r\n", "\n  ", "\n\t", "\n\n \n ", "  ", "\n  b\n", "\n#\n", "\n  # b\n"}) {
      CAPTURE(quote, end);
      check_refused(good + "c: " + quote + "d" + end, 4);
      check_refused(good + "c: " + quote + end, 4);
      check_refused(good + quote + "c" + end, 4);
      check_refused(good + "c: [d,\n {e: " + quote + "f" + end, 5);
      check_refused(good + "c:\n- d\n- " + quote + "e" + end, 6);
    }
  }
  for (const char* text :
       {"\"d\\", "\"d\\\n", "\"d\\\"", "\"d\\\"\n", "\"'d'", "\"'d'\n", "'\"d\"", "'\"d\"\n", "'d''", "'d''\n"}) {
    CAPTURE(text);
    check_refused(good + "c: " + text, 4);
  }
}

TEST_CASE("a document that ends within quotes leaves the others alone") {
  const Manifests manifests =
      decode(policy_yaml("podSelector: {}") + "---\na: \"b\n\n---\n" + policy_yaml("podSelector: {}"));
  CHECK(manifests.objects.size() == 2);
  CHECK_FALSE(manifests.complete);
  REQUIRE(manifests.errors.size() == 1);
  CHECK(manifests.errors[0].line == 9);
}

TEST_CASE("JSON that is cut off anywhere is refused") {
  const std::string json = "{\n \"apiVersion\": \"v1\", \"kind\": \"Pod\",\n \"metadata\": {\"name\": \"a\"}\n}";
  for (const char* end : {"", "\n", "\n "}) {
    for (std::size_t size = 1; size < json.size(); ++size) {
      const Manifests manifests = decode(json.substr(0, size) + end);
      CAPTURE(size, end);
      CHECK(manifests.objects.empty());
      CHECK_FALSE(manifests.complete);
      CHECK(manifests.errors.size() == 1);
    }
    check_refused(json.substr(0, json.find("Pod") + 3) + end, 2);
    check_refused(json.substr(0, json.find("name\"") + 4) + end, 3);
    CHECK(decode(json + end).objects.size() == 1);
  }
}

TEST_CASE("quotes that start no string") {
  const std::string pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    text: ";
  for (const std::string quote : {"\"", "'"}) {
    for (const std::string& value :
         {"x # it" + quote + "s", "it" + quote + "s", "x\n      it" + quote + "s", "|\n      " + quote + "x",
          ">+\n      " + quote, "|-\n      it" + quote + "s\n     ", "x\n# " + quote}) {
      for (const char* end : {"", "\n", "\n\n", "\n  ", "\n#", "\n...\n", "\n---\n"}) {
        CAPTURE(value, end);
        const Manifests manifests = decode(pod + value + end);
        CHECK(manifests.errors.empty());
        CHECK(manifests.objects.size() == 1);
      }
    }
  }
}

TEST_CASE("a comma where a document starts, on which the YAML library never moves on") {
  check_refused(", a\n", 1);
  check_refused("{kind: Other}\n, c\n", 2);
}

TEST_CASE("a file that is too large is not parsed") { check_refused(std::string(kMaxManifestBytes + 1, '#'), 0); }

TEST_CASE("a document that cannot be parsed leaves the others alone") {
  const Manifests manifests =
      decode(policy_yaml("podSelector: {}") + "---\na: [\n---\n" + policy_yaml("podSelector: {}"));
  CHECK(manifests.objects.size() == 2);
  CHECK_FALSE(manifests.complete);
  CHECK(manifests.errors.size() == 1);
}

TEST_CASE("JSON: tabs, escapes, surrogate pairs, documents one after the other") {
  const std::string text =
      "{\n\t\"apiVersion\": \"v1\",\t\"kind\": \"Pod\",\n"
      "\t\"metadata\": {\"name\": \"a\", \"uid\": \"\\u00e9\\ud83d\\ude00\\/\\\\ud83d\\n\", \"labels\": {\"b\": "
      "\"\\u0063\"}}\n}\n"
      "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"b\"},\"spec\":{\"hostNetwork\":true}}";
  const Manifests manifests = decode(text);
  for (const auto& error : manifests.errors) FAIL(to_string(error));
  REQUIRE(manifests.objects.size() == 2);
  const auto& first = std::get<policy::Pod>(manifests.objects[0].object);
  CHECK(first.uid == "\xc3\xa9\xf0\x9f\x98\x80/\\ud83d\n");
  CHECK(first.labels == policy::Labels{{"b", "c"}});
  CHECK(std::get<policy::Pod>(manifests.objects[1].object).host_network);
  CHECK(manifests.objects[1].line == 5);
}

TEST_CASE("JSON numbers and booleans are not label values") {
  for (const char* value : {"1", "true", "1e5", "null"}) {
    const Manifests manifests =
        decode(std::string("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\",\"labels\":{\"b\":") +
               value + "}}}");
    CHECK(manifests.errors.size() == 1);
  }
}

TEST_CASE("documents without content are fine") {
  for (const char* text : {"", "\n", "# c\n", "---\n", "---\n---\n", "---\n# c\n---\n...\n", "%YAML 1.2\n---\n"}) {
    CHECK(decode(text) == Manifests{});
  }
}

}  // namespace selvage::k8s_client

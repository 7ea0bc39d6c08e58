#include <catch2/catch.hpp>

#include "base/utf8.h"
#include "tests/watch/json_decoding.h"

namespace selvage::k8s_client {
namespace {

ApiStatus status_of(int code, const std::string& body) {
  return JsonDecoder().decode_status(code, PaddedText(body).view());
}

Result<ListMeta> list_meta(const std::string& frame) {
  return JsonDecoder().decode_list_meta(PaddedText(frame).view());
}

bool is_clean(std::string_view text) {
  while (!text.empty()) {
    const std::size_t size = utf8_length(text);
    if (size == 0 || is_control(text.substr(0, size))) return false;
    text.remove_prefix(size);
  }
  return true;
}

}  // namespace

TEST_CASE("a Status has the reason, and when to retry") {
  const ApiStatus status =
      status_of(504, R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
                     R"("message":"Timeout: Too large resource version: 99, current: 5","reason":"Timeout",)"
                     R"("details":{"causes":[{"reason":"Other"},{"reason":"ResourceVersionTooLarge","message":)"
                     R"("Too large resource version"}],"retryAfterSeconds":3},"code":504})");
  CHECK(status.code == 504);
  CHECK(status.reason == "Timeout");
  CHECK(status.message == "Timeout: Too large resource version: 99, current: 5");
  CHECK(status.retry_after == std::chrono::seconds(3));
  CHECK(status.resource_version_too_large);
}

TEST_CASE("the code of the response is used, not that of the body") {
  CHECK(status_of(429, R"({"kind":"Status","code":200})").code == 429);
}

TEST_CASE("invalid fields of a Status are left out") {
  for (const char* details :
       {"5", "[]", R"({"retryAfterSeconds":"3"})", R"({"retryAfterSeconds":-3})", R"({"retryAfterSeconds":1e9})",
        R"({"retryAfterSeconds":99999999999})", R"({"causes":{"reason":"ResourceVersionTooLarge"}})",
        R"({"causes":["ResourceVersionTooLarge",null,{"reason":5}]})"}) {
    const ApiStatus status =
        status_of(500, std::string(R"({"kind":"Status","message":"m","details":)") + details + "}");
    CAPTURE(details);
    CHECK(status.message == "m");
    CHECK_FALSE(status.retry_after);
    CHECK_FALSE(status.resource_version_too_large);
  }
}

TEST_CASE("a body that is not a Status is quoted") {
  for (const char* body : {"<html>502 Bad Gateway</html>", "Unauthorized", R"({"error":"x","message":"y"})",
                           R"({"kind":"Pod","message":"y"})", "", "null", R"(["Status"])"}) {
    const ApiStatus status = status_of(502, body);
    CHECK(status.code == 502);
    CHECK(status.message == body);
    CHECK(status.reason.empty());
  }
}

TEST_CASE("messages are short, one line and UTF-8, whatever the server sends") {
  std::string umlauts;
  while (umlauts.size() < 2000) umlauts += "\xc3\xa4";
  const std::string wild = "a\r\nb\x1b[31m\xff\xfe\xc2\x9b" + std::string(1, '\0') + "c\x7f";
  for (const std::string& body :
       {umlauts, "x" + umlauts, wild, R"({"kind":"Status","message":")" + umlauts + "\"}",
        std::string(R"({"kind":"Status","message":"a\nb\u0000\u001b\u009b"})"), std::string(1U << 20U, '\xff'),
        R"({"kind":"Status","reason":"a\nb)" + umlauts + "\"}", R"({"kind":"Status","message":")" + wild + "\"}"}) {
    const ApiStatus status = status_of(500, body);
    CHECK(status.message.size() <= 1024);
    CHECK(is_clean(status.message));
    CHECK(is_clean(status.reason));
    CHECK(status.reason.size() <= 1024);
  }
  CHECK(status_of(500, umlauts).message.size() == 1024);
  CHECK(status_of(500, "x" + umlauts).message.size() == 1023);
}

TEST_CASE("a Status that is cut off is used as far as it goes") {
  const ApiStatus status = status_of(410, R"({"kind":"Status","reason":"Expired","message":"The provided conti)");
  CHECK(status.reason == "Expired");
  CHECK(status.code == 410);
}

TEST_CASE("the version of a list, and its continue token") {
  const auto last = list_meta(R"({"kind":"PodList","metadata":{"resourceVersion":"5"},"items":[]})");
  REQUIRE(last);
  CHECK(last->resource_version == "5");
  CHECK(last->continue_token.empty());
  const auto page = list_meta(
      R"({"items":[],"metadata":{"remainingItemCount":7,"continue":"a\u0062c","resourceVersion":"5","selfLink":""}})");
  REQUIRE(page);
  CHECK(page->continue_token == "abc");
}

TEST_CASE("a list without a version, or with one that cannot be read, is refused") {
  for (const char* frame :
       {"", "{}", "[]", R"({"metadata":{}})", R"({"metadata":null})", R"({"metadata":5})",
        R"({"metadata":{"resourceVersion":""}})", R"({"metadata":{"resourceVersion":5}})",
        R"({"metadata":{"resourceVersion":"5","resourceVersion":"6"}})",
        R"({"metadata":{"resourceVersion":"5","continue":5}})",
        R"({"metadata":{"resourceVersion":"5"},"metadata":{"resourceVersion":"5"}})",
        R"({"metadata":{"resourceVersion":"5"})", R"({"metadata":{"resourceVersion":"5"}}})",
        R"({"metadata":{"resourceVersion":"5"},"items":[]]})", "{\"metadata\":{\"resourceVersion\":\"\xff\"}}"}) {
    CAPTURE(frame);
    CHECK_FALSE(list_meta(frame));
  }
}

}  // namespace selvage::k8s_client

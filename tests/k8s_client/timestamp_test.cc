#include "k8s_client/decode/timestamp.h"

#include <catch2/catch.hpp>

namespace selvage::k8s_client {

TEST_CASE("RFC 3339 times") {
  CHECK(parse_timestamp("1970-01-01T00:00:00Z") == 0);
  CHECK(parse_timestamp("2024-02-29T12:34:56Z") == 1709210096);
  CHECK(parse_timestamp("2024-02-29T12:34:56.789Z") == 1709210096);
  CHECK(parse_timestamp("2024-02-29T14:34:56+02:00") == 1709210096);
  CHECK(parse_timestamp("2024-02-29T07:04:56-05:30") == 1709210096);
}

TEST_CASE("invalid RFC 3339 times") {
  for (const char* bad : {"", "2024-02-29", "2023-02-29T00:00:00Z", "2024-02-29T12:34:56", "2024-02-29 12:34:56Z",
                          "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
                          "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00Zx", "x024-01-01T00:00:00Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_timestamp(bad).has_value());
  }
}

}  // namespace selvage::k8s_client

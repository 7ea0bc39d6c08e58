#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/cluster/fault_scene.h"

/// Tokens that expire, and authorities that are not the API server's.
namespace selvage::testing {
namespace {

bool unauthorized(const ProxiedRequest& request) { return request.status == 401; }

/// An unknown authority, whose own certificate a server can present for 127.0.0.1.
struct Stranger {
  TemporaryFolder folder = TemporaryFolder::create().value();
  std::string certificate = folder.path() / "stranger.crt";
  std::string key = folder.path() / "stranger.key";

  Stranger() {
    REQUIRE(
        run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=stranger", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate}));
  }
};

}  // namespace

TEST_CASE("an expired token prevents the start, and a rotated one is used; later, too") {
  FaultScene s;
  s.write_token(std::chrono::seconds(0));
  const Process agent = s.converged_agent_when([&] {
    REQUIRE(s.wire().log().saw(0, unauthorized, 4));
    CHECK(s.says("stale since"));
    CHECK(s.tables().empty());
    s.write_token(std::chrono::hours(1));
  });

  Prober prober(s.steady());
  const std::size_t mark = s.wire().log().mark();
  const std::size_t from = s.agent_log().size();
  s.write_token(std::chrono::seconds(0));
  s.wire().hang_up();
  s.turn_door();
  REQUIRE(s.wire().log().saw(mark, unauthorized, 4));
  CHECK(s.says("stale since", from));
  s.write_token(std::chrono::hours(1));
  s.expect_right();
  prober.check();
}

TEST_CASE("a rotated token is used from the next request on") {
  FaultScene s;
  const Process agent = s.converged_agent();
  const std::string before = s.wire().log().since().front().head;
  s.write_token(std::chrono::hours(2));
  const std::size_t mark = s.wire().log().mark();
  s.wire().hang_up();
  s.turn_door();
  s.expect_right();
  const auto authorization = [](const std::string& head) { return header(head, "authorization"); };
  REQUIRE(s.wire().log().saw(mark, any));
  CHECK(authorization(before).starts_with("Bearer "));
  CHECK(authorization(s.wire().log().since(mark).front().head) != authorization(before));
}

TEST_CASE("with a wrong authority an agent sends no request, commits nothing and names its kubeconfig") {
  FaultScene s;
  const Stranger stranger;
  s.trust(stranger.certificate);
  const Process agent = s.converged_agent_when([&] {
    CHECK(s.says("stale since"));
    CHECK(s.says("certificate"));
    CHECK(s.says(s.kubeconfig()));
    CHECK(s.wire().log().mark() == 0);
    CHECK(s.tables().empty());
    // The file is read again, its content at the start is not used.
    std::filesystem::copy_file(s.server().ca_file(), stranger.certificate,
                               std::filesystem::copy_options::overwrite_existing);
  });
}

TEST_CASE("a server with a certificate of an unknown authority gets no request and changes nothing") {
  FaultScene s;
  const Stranger stranger;
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  const std::size_t mark = s.wire().log().mark();
  const std::size_t from = s.agent_log().size();
  s.wire().present(stranger.certificate, stranger.key);
  s.wire().hang_up();
  const std::string before = s.tables();
  s.turn_door();
  CHECK(s.says("stale since", from));
  CHECK(s.wire().log().mark() == mark);
  CHECK(s.tables() == before);
  s.wire().present(s.server().file("server.crt"), s.server().file("server.key"));
  s.expect_right();
  prober.check();
}

}  // namespace selvage::testing

#include <catch2/catch.hpp>

#include "tests/cli/program.h"

/// `selvage verdicts`, as a script runs it.
namespace selvage::testing {
namespace {

/// A folder with two pods, of which db is isolated.
struct Folder : TestNode {
  Folder() {
    write("web.yaml", pod_text("web", "10.244.1.2"));
    write("db.yaml", pod_text("db", "10.244.1.3"));
    write("deny.yaml", deny_text("db"));
  }
  /// Runs it on these lines.
  [[nodiscard]] Ended ask(const std::string& lines, const lab::Argv& more = {}) const {
    files.write("queries", lines);
    lab::Argv arguments = {"verdicts", "--manifests", manifests(), "--queries", files.path("queries")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return selvage(arguments);
  }
};

const std::string kDenied = R"({"source": "prod/web", "destination": "prod/db", "protocol": "TCP", "port": 80})";
const std::string kAllowed = R"({"source": "prod/db", "destination": "prod/web", "protocol": "TCP", "port": 80})";

}  // namespace

TEST_CASE("verdicts answers each line in order, with the tables, too") {
  const Folder folder;
  const Ended ended = folder.ask(kDenied + "\n" + kAllowed + "\n", {"--tables"});
  INFO(ended.text);
  CHECK(ended.status == 0);
  const std::size_t denied = ended.text.find(R"("allowed":false)");
  const std::size_t allowed = ended.text.find(R"("allowed":true)");
  CHECK(denied < allowed);
  CHECK(allowed != std::string::npos);
  CHECK(ended.says(R"("tables":"denied")"));
  CHECK(folder.tables().empty());
}

TEST_CASE("verdicts exits with 3 when a line was not answered, and answers the others") {
  const Folder folder;
  const Ended ended = folder.ask("nonsense\n" + kDenied + "\n");
  INFO(ended.text);
  CHECK(ended.status == 3);
  CHECK(ended.says(R"("error")"));
  CHECK(ended.says(R"("ingress":"denied")"));
}

TEST_CASE("verdicts exits with 1 without its file, and with 2 without --queries") {
  const Folder folder;
  CHECK(folder.selvage({"verdicts", "--manifests", folder.manifests(), "--queries", "/nowhere"}).status == 1);
  CHECK(folder.selvage({"verdicts", "--manifests", folder.manifests()}).status == 2);
}

TEST_CASE("verdicts of a folder with an invalid policy name it, and stay closed") {
  const Folder folder;
  folder.write("bad.yaml",
               "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {namespace: prod, name: bad}, "
               "spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: 7}]}}");
  const Ended ended = folder.ask(kAllowed + "\n");
  INFO(ended.text);
  CHECK(ended.says("prod/bad"));
  CHECK(ended.says(R"("ingress":"denied")"));
}

}  // namespace selvage::testing

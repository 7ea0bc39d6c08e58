// Which source of configuration counts.
#include <catch2/catch.hpp>

#include "tests/rest/kubeconfig_fixture.h"

namespace selvage::k8s_client {
namespace {

/// A kubeconfig whose server is called `host`.
std::string config_of(const std::string& host) { return kubeconfig("server: 'https://" + host + "'", ""); }

/// A machine that has a configuration at every place; tests take some away.
class Machine : public TemporaryFolder {
 public:
  Machine() {
    make_folder(".kube");
    make_folder("account");
    write(".kube/config", config_of("home"));
    write("given", config_of("given"));
    write("one", config_of("one"));
    write("two", config_of("two"));
    write("account/token", "t");
    write("account/ca.crt", first_pair().certificate);
    variables["HOME"] = path();
    variables["KUBECONFIG"] = path("one") + ":" + path("two");
    variables["KUBERNETES_SERVICE_HOST"] = "pod";
    variables["KUBERNETES_SERVICE_PORT"] = "443";
    options.kubeconfig = path("given");
  }

  [[nodiscard]] Result<ApiConfig> find() const {
    return find_api_config(options, environment_of(variables), path("account"));
  }
  [[nodiscard]] std::string host() const { return good(find()).host; }

  std::map<std::string, std::string> variables;
  ApiOptions options;
};

}  // namespace

TEST_CASE("first --kubeconfig, then KUBECONFIG, the service account, ~/.kube/config") {
  Machine machine;
  CHECK(machine.host() == "given");
  machine.options.kubeconfig = "";
  CHECK(machine.host() == "one");
  machine.variables["KUBECONFIG"] = "";
  CHECK(machine.host() == "pod");
  SECTION("outside of a pod") { machine.variables.erase("KUBERNETES_SERVICE_HOST"); }
  SECTION("a port that is not set") { machine.variables["KUBERNETES_SERVICE_PORT"] = ""; }
  SECTION("in a pod without a token") { machine.remove("account/token"); }
  SECTION("a context is asked for, which a service account has none of") { machine.options.context = "prod"; }
  CHECK(machine.host() == "home");
}

TEST_CASE("the first source that exists is used, even if it is unusable") {
  Machine machine;
  SECTION("--kubeconfig does not exist") { machine.remove("given"); }
  SECTION("--kubeconfig is broken") { machine.write("given", "["); }
  SECTION("a file of KUBECONFIG is broken, though not needed") {
    machine.options.kubeconfig = "";
    machine.write("two", "[");
  }
  SECTION("KUBECONFIG has no such context") {
    machine.options.kubeconfig = "";
    machine.options.context = "nowhere";
  }
  SECTION("KUBECONFIG's file is empty") {
    machine.options.kubeconfig = "";
    machine.write("one", "");
    machine.variables["KUBECONFIG"] = machine.path("one");
  }
  SECTION("the service account's CA is missing") {
    machine.options.kubeconfig = "";
    machine.variables.erase("KUBECONFIG");
    machine.remove("account/ca.crt");
  }
  CHECK_FALSE(machine.find());
}

TEST_CASE("files of KUBECONFIG that do not exist are skipped") {
  Machine machine;
  machine.options.kubeconfig = "";
  machine.variables["KUBECONFIG"] = ":" + machine.path("nowhere") + "::" + machine.path("two") + ":";
  CHECK(machine.host() == "two");
}

TEST_CASE("if none of KUBECONFIG's files exists, only a pod's service account is left") {
  Machine machine;
  machine.options.kubeconfig = "";
  machine.variables["KUBECONFIG"] = GENERATE("/nowhere/config", "/nowhere/a:/nowhere/b", ":");
  CHECK(machine.host() == "pod");
  machine.variables.erase("KUBERNETES_SERVICE_HOST");
  CHECK_FALSE(machine.find());
}

TEST_CASE("without any source the error lists the attempts and the remedy") {
  Machine machine;
  machine.options.kubeconfig = "";
  machine.variables["KUBECONFIG"] = "";
  machine.remove(".kube/config");
  machine.remove("account/token");
  const std::string message = machine.find().error().message;
  for (const std::string part :
       {"KUBECONFIG", "account/token", "automountServiceAccountToken", ".kube/config", "--kubeconfig"}) {
    CAPTURE(message, part);
    CHECK(contains(message, part));
  }
  machine.variables.clear();
  CHECK(contains(machine.find().error().message, "HOME"));
  CHECK(contains(machine.find().error().message, "KUBERNETES_SERVICE_HOST"));
}

TEST_CASE("the environment's proxy is used for every source, after the cluster's own") {
  Machine machine;
  machine.variables["HTTPS_PROXY"] = "http://env:3128";
  CHECK(good(machine.find()).proxy == "http://env:3128");
  machine.write("given", kubeconfig(std::string(kServer) + ", proxy-url: 'http://own:1'", ""));
  CHECK(good(machine.find()).proxy == "http://own:1");
  machine.options.kubeconfig = "";
  CHECK(good(machine.find()).proxy == "http://env:3128");
  machine.variables.erase("KUBECONFIG");
  CHECK(good(machine.find()).proxy == "http://env:3128");
  machine.variables["NO_PROXY"] = "pod";
  CHECK(good(machine.find()).proxy.empty());
  machine.variables["NO_PROXY"] = "";
  machine.variables["HTTPS_PROXY"] = "https://env:3128";
  CHECK_FALSE(machine.find());
}

TEST_CASE("http servers have HTTP_PROXY") {
  Machine machine;
  machine.write("given", kubeconfig("server: 'http://h'", ""));
  machine.variables["HTTPS_PROXY"] = "http://s:1";
  CHECK(good(machine.find()).proxy.empty());
  machine.variables["HTTP_PROXY"] = "http://p:1";
  CHECK(good(machine.find()).proxy == "http://p:1");
}

}  // namespace selvage::k8s_client

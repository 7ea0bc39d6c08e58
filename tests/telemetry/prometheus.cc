#include "tests/telemetry/prometheus.h"

#include <fcntl.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "base/clock.h"
#include "tests/telemetry/http_client.h"

namespace selvage::telemetry {
namespace {

/// The namespace is the test's own, so any port is free.
HttpAddress own_address() { return {IpAddress::parse("127.0.0.1").value(), 9090}; }

std::string configuration(const HttpAddress& target) {
  return "global:\n  scrape_interval: 200ms\n  scrape_timeout: 200ms\n"
         "scrape_configs:\n- job_name: selvage\n  static_configs:\n  - targets: ['" +
         to_string(target) + "']\n";
}

std::string percent_encoded(const std::string& text) {
  std::ostringstream encoded;
  for (const char c : text) {
    encoded << '%' << std::hex << std::uppercase << (static_cast<unsigned char>(c) >> 4U)
            << (static_cast<unsigned char>(c) & 15U);
  }
  return encoded.str();
}

}  // namespace

Prometheus::Prometheus(const HttpAddress& target) {
  folder_.write("prometheus.yml", configuration(target));
  const UniqueFd log(::open(folder_.path("log").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  child_.emplace(std::vector<std::string>{"/usr/bin/prometheus", "--config.file=" + folder_.path("prometheus.yml"),
                                          "--storage.tsdb.path=" + folder_.path("data"),
                                          "--web.listen-address=" + to_string(own_address())},
                 nullptr, testing::ChildStreams{-1, log.get(), log.get()});
}

std::optional<double> Prometheus::value(const std::string& expression) const {
  const std::string request = "GET /api/v1/query?query=" + percent_encoded(expression) + " HTTP/1.0\r\n\r\n";
  const UniqueFd socket = connect_to(own_address());
  send_text(socket, request);
  const std::string text = read_to_end(socket);
  const std::size_t body = text.find("\r\n\r\n");
  const auto answer = nlohmann::json::parse(body == std::string::npos ? "" : text.substr(body), nullptr, false);
  if (answer.is_discarded() || answer.value("status", "") != "success") return std::nullopt;
  const auto& result = answer["data"]["result"];
  if (result.size() != 1) return std::nullopt;
  return std::strtod(result[0]["value"][1].get<std::string>().c_str(), nullptr);
}

double Prometheus::wait_for(const std::string& expression) const {
  const Moment patience = Clock::now() + std::chrono::minutes(2);
  while (Clock::now() < patience) {
    try {
      if (const auto found = value(expression)) return *found;
    } catch (const std::system_error&) {
      // Prometheus does not listen yet.
    }
    ::poll(nullptr, 0, 50);
  }
  std::ifstream log(folder_.path("log"));
  std::ostringstream said;
  said << log.rdbuf();
  throw std::runtime_error("Prometheus has no " + expression + "; it said: " + said.str());
}

}  // namespace selvage::telemetry

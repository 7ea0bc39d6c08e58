#include "bench/api_latency/agent_process.h"

#include <fstream>
#include <map>
#include <stdexcept>

#include "bench/api_latency/must.h"

namespace selvage::bench {

AgentProcess::AgentProcess(const lab::Node& node, const std::string& node_name, const std::string& kubeconfig,
                           const std::string& log)
    : process_(must(lab::Process::start(
          node.space(),
          {SELVAGE_BINARY, "agent", "--kubeconfig", kubeconfig, "--node", node_name, "--log-format", "json"}, log))) {}

Clock::duration AgentProcess::cpu_time() const {
  clockid_t clock{};
  timespec time{};
  if (clock_getcpuclockid(process_.pid(), &clock) != 0 || clock_gettime(clock, &time) != 0)
    throw std::runtime_error("the agent has ended");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

Memory AgentProcess::memory() const {
  std::ifstream file("/proc/" + std::to_string(process_.pid()) + "/status");
  std::map<std::string, std::size_t> kib;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("Vm") || line.starts_with("Rss"))
      kib[line.substr(0, line.find(':'))] = std::stoul(line.substr(line.find(':') + 1));
  if (kib.empty()) throw std::runtime_error("the agent has ended");
  return {kib["VmRSS"] << 10U, kib["VmHWM"] << 10U, kib["RssAnon"] << 10U};
}

void clean_up(const lab::Node& node) { must(lab::run(node.space(), {SELVAGE_BINARY, "cleanup"})); }

}  // namespace selvage::bench

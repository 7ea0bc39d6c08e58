#include "cli/reference/man_sections.h"

#include <map>

namespace selvage::cli::reference {
namespace {

std::vector<Section> of_program() {
  return {
      {"DESCRIPTION",
       {{"",
         "A daemon on each node, \"selvage agent\", computes what the node's pods may send and receive and keeps the "
         "nftables tables \"inet selvage\" and \"bridge selvage\" up to date. The tables outlive the agent: they "
         "enforce while it is stopped, until \"selvage cleanup\" removes them."}}},
      {"FILES",
       {{"/etc/selvage/agent.yaml", "Options of the agent that selvage.service starts."},
        {"/etc/selvage/kubeconfig", "That agent's access to the API server."},
        {"/run/selvage/agent.sock", "The agent's socket for \"selvage status\"."}}},
  };
}

std::vector<Section> of_agent() {
  return {
      {"DESCRIPTION",
       {{"",
         "Follows the API server, or a folder of manifests, and keeps the tables up to date until it is stopped. "
         "At its start it reads back the existing tables and commits the difference, so that a restart neither "
         "opens nor interrupts anything. It needs CAP_NET_ADMIN and no other capability."}}},
      {"SIGNALS",
       {{"SIGTERM, SIGINT", "Stop the agent. The tables stay and enforce."},
        {"SIGUSR1", "Starts a self-check: compares the tables with the desired ones."}}},
      {"FILES",
       {{"/run/selvage/agent.sock", "Default of --status-socket."},
        {"/var/run/secrets/kubernetes.io/serviceaccount", "The pod's service account, in a cluster."}}},
      {"ENVIRONMENT",
       {{"KUBECONFIG", "Used without --kubeconfig."},
        {"NOTIFY_SOCKET",
         "Set by systemd(1): the agent reports there that the policies of the first full list are enforced."}}},
  };
}

}  // namespace

std::vector<Section> written_sections(const std::string& page) {
  static const std::map<std::string, std::vector<Section>> kSections = {
      {"selvage", of_program()},
      {"selvage-agent", of_agent()},
      {"selvage-cleanup",
       {{"DESCRIPTION",
         {{"",
           "Removes the agent's tables and nothing else. Fails while an agent owns the tables: stop it first. "
           "Does not reset the br_netfilter flags of bridges."}}}}},
      {"selvage-verify",
       {{"DESCRIPTION",
         {{"",
           "Reads objects and tables, and prints the differences: object by object, and in the verdicts on some "
           "hundred sampled flows. Its options must equal the agent's: give both the same --config."}}}}},
      {"selvage-verdicts",
       {{"DESCRIPTION",
         {{"",
           "Reads flows, a JSON object a line, and answers each with a JSON object a line: allowed or denied at both "
           "ends, and what decided. Ends are \"namespace/pod\", \"node/NAME\" or an address. Needs no root and no "
           "agent, and changes nothing."}}}}},
      {"selvage-preflight", {{"DESCRIPTION", {{"", "Prints each check with its result and, where needed, a fix."}}}}},
      {"selvage-status", {{"FILES", {{"/run/selvage/agent.sock", "The agent's socket."}}}}},
      {"selvage-demo",
       {{"DESCRIPTION",
         {{"",
           "Needs root. Creates network namespaces of its own and removes them at its end, also when it is "
           "interrupted. Runs the selvage(8) of the same folder as the agent."}}}}},
  };
  const auto found = kSections.find(page);
  return found == kSections.end() ? std::vector<Section>{} : found->second;
}

}  // namespace selvage::cli::reference

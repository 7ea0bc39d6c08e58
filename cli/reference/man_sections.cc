#include "cli/reference/man_sections.h"

#include <map>

namespace selvage::cli::reference {
namespace {

std::vector<Section> of_program() {
  return {
      {"DESCRIPTION",
       {{"",
         "A daemon on each node, \"selvage agent\", works out what the node's pods may send and receive and keeps "
         "the nftables tables \"inet selvage\" and \"bridge selvage\" true to it. Tables outlive the agent: they "
         "enforce while it is stopped, until \"selvage cleanup\" removes them."}}},
      {"FILES",
       {{"/etc/selvage/agent.yaml", "Options of the agent that selvage.service starts."},
        {"/etc/selvage/kubeconfig", "How that agent reaches the API server."},
        {"/run/selvage/agent.sock", "Where \"selvage status\" asks the agent."}}},
  };
}

std::vector<Section> of_agent() {
  return {
      {"DESCRIPTION",
       {{"",
         "Follows the API server, or a folder of manifests, and keeps the tables true to it until it is told to "
         "end. At its start it reads back what is there and commits the difference, so that a restart neither "
         "opens nor interrupts anything. It needs CAP_NET_ADMIN and no other capability."}}},
      {"SIGNALS",
       {{"SIGTERM, SIGINT", "End the agent. The tables go on enforcing."},
        {"SIGUSR1", "Asks for a comparison of the tables with what should be there."}}},
      {"FILES",
       {{"/run/selvage/agent.sock", "Default of --status-socket."},
        {"/var/run/secrets/kubernetes.io/serviceaccount", "The pod's service account, in a cluster."}}},
      {"ENVIRONMENT",
       {{"KUBECONFIG", "Used where --kubeconfig is not given."},
        {"NOTIFY_SOCKET", "Set by systemd(1): where the agent tells that what the first full list says is enforced."}}},
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
           "Removes what the agent made, and nothing else. Fails while an agent owns the tables: stop it "
           "first. Does not switch br_netfilter's flags of bridges off again."}}}}},
      {"selvage-verify",
       {{"DESCRIPTION",
         {{"",
           "Reads objects and tables, and prints what differs: object by object, and by the verdicts that some "
           "hundred flows meet. Its options have to be those of the agent: give both the same --config."}}}}},
      {"selvage-preflight", {{"DESCRIPTION", {{"", "Prints each item with what was seen and what to do about it."}}}}},
      {"selvage-status", {{"FILES", {{"/run/selvage/agent.sock", "Where the agent is asked."}}}}},
      {"selvage-demo",
       {{"DESCRIPTION",
         {{"",
           "Needs root. Makes network namespaces of its own and removes them. Ends with 128 and the signal's "
           "number when it was interrupted."}}}}},
  };
  const auto found = kSections.find(page);
  return found == kSections.end() ? std::vector<Section>{} : found->second;
}

}  // namespace selvage::cli::reference

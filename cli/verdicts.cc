#include "controller/verdicts/verdicts.h"

#include <cerrno>
#include <fstream>
#include <iostream>
#include <memory>

#include "base/result.h"
#include "cli/commands.h"
#include "cli/exit_codes.h"
#include "controller/output/log.h"
#include "controller/verdicts/read_objects.h"

namespace selvage::cli {
namespace {

struct VerdictsArguments {
  controller::SourceOptions source;
  std::string queries;
  bool staged = false;
  bool tables = false;
  bool debug = false;
};

/// Answers each line; the exit code.
int answer(std::istream& queries, controller::Verdicts& verdicts) {
  bool unanswered = false;
  bool contradicts = false;
  for (std::string line; std::getline(queries, line);) {
    const controller::VerdictLine answer = verdicts.answer(line);
    std::cout << answer.text << "\n" << std::flush;
    unanswered = unanswered || answer.unanswered;
    contradicts = contradicts || answer.contradicts;
  }
  if (contradicts) return kDivergent;
  return unanswered ? kUnanswered : kDone;
}

int run(const VerdictsArguments& arguments) {
  controller::set_up_log(controller::LogFormat::text, arguments.debug);
  std::ifstream file;
  const bool from_file = arguments.queries != "-";
  if (from_file) {
    file.open(arguments.queries);
    if (!file) {
      std::cerr << "selvage: " << fail_errno("--queries " + arguments.queries, errno).value().message << "\n";
      return kFailed;
    }
  }
  auto read = controller::read_objects(arguments.source, arguments.staged);
  if (!read) {
    std::cerr << "selvage: " << read.error().message << "\n";
    return kFailed;
  }
  if (!read->complete) std::cerr << "selvage: some objects are invalid and judged by their fail-closed fallback\n";
  controller::Verdicts verdicts(std::move(read->objects), arguments.tables);
  return answer(from_file ? static_cast<std::istream&>(file) : std::cin, verdicts);
}

}  // namespace

void add_verdicts(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<VerdictsArguments>();
  CLI::App* command =
      app.add_subcommand("verdicts", "Say what the policies of the cluster say of flows, one JSON object a line");
  command
      ->add_option("--queries", arguments->queries,
                   "File of flows, a JSON object a line: {\"source\": \"prod/web-0\", \"destination\": \"prod/api-0\", "
                   "\"protocol\": \"TCP\", \"port\": 80}. - is standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--manifests", arguments->source.manifests,
                   "Folder of YAML and JSON manifests, read instead of the API server")
      ->type_name("FOLDER");
  command
      ->add_option("--kubeconfig", arguments->source.api.kubeconfig,
                   "Access to the API server. Default: KUBECONFIG, the pod's service account, ~/.kube/config")
      ->type_name("FILE");
  command->add_option("--context", arguments->source.api.context, "Context of the kubeconfig")->type_name("NAME");
  command->add_flag("--staged", arguments->staged, "Policies without a mode are staged, as for the agent");
  command->add_flag("--tables", arguments->tables,
                    "Also ask the tables that the agents of both ends would write, and fail where they differ");
  command->add_flag("--debug", arguments->debug, "Also log reasons and normal operation");
  command->callback([&action, arguments] { action = [arguments] { return run(*arguments); }; });
}

}  // namespace selvage::cli

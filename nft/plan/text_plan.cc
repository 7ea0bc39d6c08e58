#include "nft/plan/text_plan.h"

#include "nft/plan/operations.h"
#include "nft/text/text.h"
#include "nft/text/text_parts.h"
#include "nft/text/text_values.h"

namespace selvage::nft {
namespace {

std::string comment_block(const std::string& comment) {
  return comment.empty() ? "" : " { comment " + in_quotes(comment) + "; }";
}

/// nft(8) 1.0.6 does not know "persist" yet.
std::string table_block(const AddTable& action) {
  if (!action.own) return comment_block(action.comment);
  const std::string comment = action.comment.empty() ? "" : " comment " + in_quotes(action.comment) + ";";
  return " { flags owner,persist;" + comment + " }";
}

/// One operation as a command.
struct Command {
  const TableKey& key;
  const std::string table;

  std::string operator()(const AddTable& a) const { return "add table " + table + table_block(a); }
  std::string operator()(const DeleteTable&) const { return "delete table " + table; }
  std::string operator()(const AddSet& a) const {
    std::string text = (a.spec->verdict_map ? "add map " : "add set ") + table + " " + a.set + " {";
    for (const std::string& line : spec_lines(*a.spec)) text += " " + line + ";";
    return text + " }";
  }
  std::string operator()(const DeleteSet& a) const { return "delete set " + table + " " + a.set; }
  std::string operator()(const AddChain& a) const {
    const std::string text = "add chain " + table + " " + a.chain;
    if (!a.spec->base) return text + comment_block(a.spec->comment);
    const std::string comment = a.spec->comment.empty() ? "" : " comment " + in_quotes(a.spec->comment) + ";";
    return text + " { " + base_text(key.family, *a.spec->base) + comment + " }";
  }
  std::string operator()(const FlushChain& a) const { return "flush chain " + table + " " + a.chain; }
  std::string operator()(const DeleteChain& a) const { return "delete chain " + table + " " + a.chain; }
  std::string operator()(const AddRule& a) const {
    return "add rule " + table + " " + a.chain + " " + to_text(*a.rule);
  }
  std::string operator()(const AddElements& a) const {
    std::string text = "add element " + table + " " + a.set;
    std::string separator = " { ";
    for (const auto& [element, data] : *a.elements) {
      text += separator + to_text(*a.spec, element, data);
      separator = ", ";
    }
    return text + " }";
  }
  std::string operator()(const DeleteElements& a) const {
    std::string text = "delete element " + table + " " + a.set;
    std::string separator = " { ";
    for (const ElementKey& element : *a.elements) {
      text += separator + to_text(*a.spec, element, {});
      separator = ", ";
    }
    return text + " }";
  }
};

}  // namespace

std::string to_text(const Plan& plan) {
  std::string text;
  for (const Operation& operation : operations(plan)) {
    const Command command{operation.table, name_text(operation.table)};
    text += std::visit(command, operation.action) + "\n";
  }
  return text;
}

}  // namespace selvage::nft

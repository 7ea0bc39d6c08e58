#include "nft/plan/operations.h"

namespace selvage::nft {
namespace {

/// Collects one table's operations; its functions are called in the contract's order.
class Order {
 public:
  Order(const TableKey& table, const TablePlan& plan, std::vector<Operation>& out)
      : table_(table), plan_(plan), out_(out) {}

  void table() {
    if (plan_.delete_table) put(DeleteTable{});
    if (plan_.create_table || plan_.own) put(AddTable{plan_.comment, plan_.own});
  }
  void flush_chains() {
    for (const auto& [name, rules] : plan_.replace_rules) put(FlushChain{name});
    for (const auto& name : plan_.delete_chains) put(FlushChain{name});
  }
  void delete_elements() {
    for (const auto& [set, change] : plan_.elements) {
      if (!change.del.empty()) put(DeleteElements{set, &change.spec, &change.del});
    }
  }
  void add_chains() {
    for (const auto& [name, chain] : plan_.add_chains) put(AddChain{name, &chain});
  }
  void add_sets() {
    for (const auto& [name, spec] : plan_.add_sets) put(AddSet{name, &spec});
  }
  void add_elements() {
    for (const auto& [set, change] : plan_.elements) {
      if (!change.add.empty()) put(AddElements{set, &change.spec, &change.add});
    }
  }
  void add_rules() {
    for (const auto& [name, chain] : plan_.add_chains) add_rules(name, chain.rules);
    for (const auto& [name, rules] : plan_.replace_rules) add_rules(name, rules);
  }
  void delete_sets() {
    for (const auto& name : plan_.delete_sets) put(DeleteSet{name});
  }
  void delete_chains() {
    for (const auto& name : plan_.delete_chains) put(DeleteChain{name});
  }

 private:
  void put(Action action) { out_.push_back({table_, std::move(action)}); }
  void add_rules(const std::string& chain, const std::vector<Rule>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) put(AddRule{chain, i, &rules[i]});
  }

  const TableKey& table_;
  const TablePlan& plan_;
  std::vector<Operation>& out_;
};

/// Describes an action on the table called `table`.
struct Describe {
  const std::string table;

  std::string operator()(const AddTable& a) const { return (a.own ? "own table " : "add table ") + table; }
  std::string operator()(const DeleteTable&) const { return "delete table " + table; }
  std::string operator()(const AddSet& a) const { return "add set " + table + " " + a.set; }
  std::string operator()(const DeleteSet& a) const { return "delete set " + table + " " + a.set; }
  std::string operator()(const AddChain& a) const { return "add chain " + table + " " + a.chain; }
  std::string operator()(const FlushChain& a) const { return "flush chain " + table + " " + a.chain; }
  std::string operator()(const DeleteChain& a) const { return "delete chain " + table + " " + a.chain; }
  std::string operator()(const AddRule& a) const {
    return "add rule " + std::to_string(a.index) + " of chain " + table + " " + a.chain;
  }
  std::string operator()(const AddElements& a) const {
    return "add " + count(a.elements->size()) + " to set " + table + " " + a.set;
  }
  std::string operator()(const DeleteElements& a) const {
    return "delete " + count(a.elements->size()) + " from set " + table + " " + a.set;
  }

  static std::string count(std::size_t n) { return std::to_string(n) + (n == 1 ? " element" : " elements"); }
};

}  // namespace

std::vector<Operation> operations(const Plan& plan) {
  std::vector<Operation> out;
  for (const auto& [key, table] : plan.tables) {
    Order order(key, table, out);
    order.table();
    order.flush_chains();
    order.delete_elements();
    order.add_chains();
    order.add_sets();
    order.add_elements();
    order.add_rules();
    order.delete_sets();
    order.delete_chains();
  }
  return out;
}

std::string describe(const Operation& operation) {
  const std::string table = std::string(to_string(operation.table.family)) + " " + operation.table.name;
  return std::visit(Describe{table}, operation.action);
}

}  // namespace selvage::nft

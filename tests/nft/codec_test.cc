#include <linux/netfilter/nf_tables.h>

#include <algorithm>
#include <map>
#include <random>

#include "nft/model/statements.h"
#include "nft/plan/operations.h"
#include "nft/wire/comment.h"
#include "nft/wire/decode.h"
#include "nft/wire/encode.h"
#include "nft/wire/userdata.h"
#include "tests/nft/kernels.h"
#include "tests/support/property.h"
#include "tests/support/random_ruleset.h"

/// Values to bytes and back, without a kernel.
namespace selvage::nft {
namespace {

std::vector<netlink::Message> messages_of(const Batch& batch) {
  std::vector<netlink::Message> messages;
  netlink::Bytes rest = batch.bytes;
  for (auto message = netlink::first_message(rest); message; message = netlink::first_message(rest)) {
    rest = netlink::after_message(rest, *message);
    messages.push_back(*message);
  }
  REQUIRE(rest.empty());
  return messages;
}

/// Decodes the objects of a batch as if the kernel had dumped them.
class Replay {
 public:
  explicit Replay(const Batch& batch) {
    for (const netlink::Message& message : messages_of(batch)) take(message.header.nlmsg_type & 0xff, message.payload);
    for (auto& [name, set] : table_.sets) set.elements = collect_elements(set.spec, elements_[name]).value();
  }
  [[nodiscard]] const Table& table() const { return table_; }

 private:
  void take(int type, netlink::Bytes payload) {
    if (type == NFT_MSG_NEWTABLE) table_.comment = decode_table(payload).value().comment;
    if (type == NFT_MSG_NEWSET) {
      const auto decoded = decode_set(payload).value();
      table_.sets[decoded.name].spec = decoded.spec;
    }
    if (type == NFT_MSG_NEWCHAIN) {
      const auto decoded = decode_chain(payload).value();
      table_.chains[decoded.name] = decoded.chain;
    }
    if (type == NFT_MSG_NEWRULE) {
      const auto decoded = decode_rule(payload).value();
      table_.chains[decoded.chain].rules.push_back(decoded.rule);
    }
    if (type == NFT_MSG_NEWSETELEM) {
      const netlink::Bytes name = netlink::Attributes(payload.subspan(4)).find(NFTA_SET_ELEM_LIST_SET);
      decode_elements(payload, elements_[netlink::read_string(name)], verdicts_);
    }
  }

  Table table_;
  std::map<std::string, std::vector<DecodedElement>> elements_;
  SharedVerdicts verdicts_;
};

/// Runs every decoder on these bytes; each only has to return.
void decode_all(netlink::Bytes payload) {
  (void)decode_table(payload);
  (void)decode_chain(payload);
  (void)decode_set(payload);
  (void)decode_rule(payload);
  (void)decode_generation(payload);
  std::vector<DecodedElement> elements;
  SharedVerdicts verdicts;
  decode_elements(payload, elements, verdicts);
  for (const bool interval : {false, true}) {
    SetSpec spec = spec_of({FieldType::ipv4_addr});
    spec.interval = interval;
    (void)collect_elements(spec, elements);
  }
}

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

Batch encode_table_of(const Table& table) {
  const Plan plan = diff({}, {{kTable, table}});
  auto batch = encode(operations(plan), 1);
  INFO((batch ? std::string() : batch.error().message));
  REQUIRE(batch);
  return *std::move(batch);
}

}  // namespace

TEST_CASE("decoding inverts encoding") {
  testing::for_each_seed(200, [](testing::Random& random) {
    const Table table = random_table(random, TableFamily::inet);
    CHECK(Replay(encode_table_of(table)).table() == table);
  });
}

TEST_CASE("every register number converts back") {
  Table table;
  for (Register index = 0; index < 16; ++index) {
    table.chains["k"].rules.push_back(Rule{{Payload{PayloadBase::transport, 2, 2, index}, Ct{CtKey::id, index},
                                            Bitwise{index, index, "\xff\x0f"}, Cmp{CmpOp::neq, index, "ab"}},
                                           {}});
  }
  CHECK(Replay(encode_table_of(table)).table() == table);
}

TEST_CASE("a batch numbers its messages and asks for one acknowledgement") {
  Table table;
  table.sets["ports"].spec = spec_of({FieldType::inet_service});
  for (unsigned port = 0; port < 20'000; ++port) table.sets["ports"].elements[single(be16(port))] = {};
  const Batch batch = encode_table_of(table);
  const auto messages = messages_of(batch);
  REQUIRE(messages.size() > 5);
  REQUIRE(messages.size() == batch.messages.size() + 2);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    CHECK(messages[i].header.nlmsg_seq == batch.first_sequence + i);
    CHECK(((messages[i].header.nlmsg_flags & NLM_F_ACK) != 0) == (i + 2 == messages.size()));
  }
}

TEST_CASE("a refused attribute is traced to its element") {
  Table table;
  auto& set = table.sets["blocks"];
  set.spec = ranges_of({FieldType::ipv4_addr});
  for (int i = 0; i < 250; ++i) {
    for (int j = 0; j < 20; ++j) {
      const std::string key{10, static_cast<char>(i), 0, static_cast<char>(2 * j)};
      set.elements[{key, key}] = {};
    }
  }
  const Plan plan = diff({}, {{kTable, table}});
  const auto steps = operations(plan);
  const auto batch = encode(steps, 7);
  REQUIRE(batch);
  const auto messages = messages_of(*batch);
  REQUIRE(batch->messages.size() > 3);
  std::size_t element = 0;
  for (std::size_t i = 2; i < batch->messages.size(); ++i) {
    const netlink::Bytes whole = netlink::Bytes(batch->bytes).subspan(batch->messages[i].offset);
    const netlink::Bytes list =
        netlink::Attributes(messages[i + 1].payload.subspan(4)).find(NFTA_SET_ELEM_LIST_ELEMENTS);
    bool is_end = false;  // starts and ends alternate
    for (const netlink::Attribute& attribute : netlink::Attributes(list)) {
      const auto offset = static_cast<std::uint32_t>(attribute.value.data() - 4 - whole.data());
      const ElementKey key = std::next(set.elements.begin(), static_cast<long>(element))->first;
      const std::string address = IpAddress::from_bytes(IpFamily::v4, key.first.data()).to_string();
      const std::string text =
          explain(*batch, steps, batch->first_sequence + 1 + static_cast<std::uint32_t>(i), offset);
      REQUIRE(text.find("{ " + address + " }") != std::string::npos);
      if (is_end) ++element;
      is_end = !is_end;
    }
  }
  CHECK(element == set.elements.size());
  CHECK(explain(*batch, steps, batch->first_sequence, {}).empty());
  CHECK(explain(*batch, steps, 0, {}).empty());
}

TEST_CASE("values that fit no message are refused before encoding") {
  const std::string long_name(300, 'x');
  Table table;
  SECTION("a set's name") { table.sets[long_name].spec = spec_of({FieldType::ipv4_addr}); }
  SECTION("a chain's name") { table.chains[long_name]; }
  SECTION("a set without a key") { table.sets["s"]; }
  SECTION("a key of another size") { table.sets["s"] = {spec_of({FieldType::ipv4_addr}), {{single("abc"), {}}}}; }
  SECTION("compared data") { table.chains["k"].rules = {Rule{{Cmp{CmpOp::eq, 0, std::string(65, 'x')}}, {}}}; }
  SECTION("a rule's chain") { table.chains["k"].rules = {RuleBuilder().jump(long_name)}; }
  SECTION("too many expressions") { table.chains["k"].rules = {Rule{Expressions(129, Counter{}), {}}}; }
  const Plan plan = diff({}, {{kTable, table}});
  CHECK_FALSE(encode(operations(plan), 1));
}

TEST_CASE("decoders accept truncated and altered messages") {
  std::mt19937 random(7);  // NOLINT: the same bytes in every run
  testing::for_each_seed(20, [&random](testing::Random& seed) {
    const Batch batch = encode_table_of(random_table(seed, TableFamily::inet));
    for (const netlink::Message& message : messages_of(batch)) {
      for (std::size_t size = 0; size < std::min<std::size_t>(message.payload.size(), 200); ++size) {
        const std::vector<std::uint8_t> cut(message.payload.begin(),
                                            message.payload.begin() + static_cast<std::ptrdiff_t>(size));
        decode_all(cut);
      }
      std::vector<std::uint8_t> changed(message.payload.begin(), message.payload.end());
      for (int i = 0; i < 50 && !changed.empty(); ++i) {
        changed[random() % changed.size()] = static_cast<std::uint8_t>(random());
        decode_all(changed);
      }
    }
  });
}

TEST_CASE("an unknown expression is decoded as foreign") {
  // NFTA_EXPR_NAME "masq", without data
  const std::vector<std::uint8_t> masq{9, 0, 1, 0, 'm', 'a', 's', 'q', 0, 0, 0, 0};
  CHECK(decode_expression(masq) == Expression(Foreign{"masq"}));
  // a known expression without its attributes is foreign, too
  const std::vector<std::uint8_t> meta{9, 0, 1, 0, 'm', 'e', 't', 'a', 0, 0, 0, 0};
  CHECK(decode_expression(meta) == Expression(Foreign{"meta"}));
}

TEST_CASE("range ends are paired in any order") {
  const SetSpec spec = ranges_of({FieldType::inet_service});
  std::vector<DecodedElement> elements = {{be16(30), {}, true, {}},  {be16(10), {}, false, {{}, "a"}},
                                          {be16(20), {}, false, {}}, {be16(20), {}, true, {}},
                                          {be16(0), {}, true, {}},   {be16(500), {}, false, {}}};
  const std::map<ElementKey, ElementData> want = {
      {{be16(10), be16(19)}, {}}, {{be16(20), be16(29)}, {}}, {{be16(500), be16(65535)}, {}}};
  for (int turn = 0; turn < 6; ++turn) {
    std::rotate(elements.begin(), elements.begin() + 1, elements.end());
    const auto collected = collect_elements(spec, elements);
    REQUIRE(collected);
    CHECK(*collected == want);
    CHECK(collected->begin()->second.comment == "a");
  }
}

TEST_CASE("a dump with an element twice is invalid") {
  const SetSpec spec = spec_of({FieldType::inet_service});
  const std::vector<DecodedElement> elements = {
      {be16(1), {}, false, {}}, {be16(2), {}, false, {}}, {be16(1), {}, false, {}}};
  const auto collected = collect_elements(spec, elements);
  REQUIRE_FALSE(collected);
  CHECK(collected.error().code == EINTR);
}

TEST_CASE("a comment is made safe for every listing") {
  CHECK(printable_comment("prod/web-0 (app=web)") == "prod/web-0 (app=web)");
  CHECK(printable_comment("a\"b\nc\td\x7f") == "a'b c d ");
  CHECK(printable_comment("gr\xc3\xbc\xc3\x9f\x65") == "gr\xc3\xbc\xc3\x9f\x65");
  CHECK(printable_comment("\xc2\x85") == " ");                  // C1 control
  CHECK(printable_comment("\xff\xc3") == "??");                 // no UTF-8, cut off UTF-8
  CHECK(printable_comment("\xc0\x80\xed\xa0\x80") == "?????");  // overlong, surrogate
  CHECK(printable_comment(std::string("a\0b", 3)) == "a b");
  CHECK(printable_comment(std::string(300, 'x')) == std::string(128, 'x'));
  const std::string euros = printable_comment(std::string(127, 'x') + "\xe2\x82\xac");
  CHECK(euros == std::string(127, 'x'));
}

TEST_CASE("a comment is found among other userdata") {
  const std::string data = std::string("\x05\x02zz", 4) + comment_userdata(1, "hello") + std::string("\x01\x01x", 3);
  CHECK(comment_of(bytes_of(data), 1) == "hello");
  CHECK(comment_of(bytes_of(data), 2).empty());
  CHECK(comment_of(bytes_of("\x01\x20short"), 1).empty());
  CHECK(comment_userdata(1, "").empty());
}

}  // namespace selvage::nft

#include "controller/sources/mailbox.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/support/case_objects.h"
#include "tests/threads/mail.h"

namespace selvage::testing {
namespace {

using controller::Mailbox;

std::unique_ptr<Mailbox> open_mailbox() {
  auto mailbox = Mailbox::open();
  REQUIRE(mailbox);
  return std::move(*mailbox);
}

policy::Event labelled(const std::string& name, const std::string& value) {
  return policy::upsert(pod("prod/" + name, {{"version", value}}, {}, "node-a"));
}

TEST_CASE("a mailbox is readable until it is emptied") {
  const auto mailbox = open_mailbox();
  CHECK_FALSE(has_mail(*mailbox, 0));
  mailbox->put({});
  CHECK_FALSE(has_mail(*mailbox, 0));
  mailbox->put({labelled("a", "1")});
  mailbox->put({labelled("b", "1")});
  CHECK(has_mail(*mailbox, 0));
  CHECK(mailbox->take().events.size() == 2);
  CHECK_FALSE(has_mail(*mailbox, 0));
  CHECK(mailbox->take().events.empty());
}

TEST_CASE("only the latest of several events about one object waits") {
  const auto mailbox = open_mailbox();
  const policy::ObjectKey b = labelled("b", "").key;
  mailbox->put({labelled("a", "1"), labelled("b", "1"), labelled("a", "2")});
  mailbox->put({policy::removal(b)});
  mailbox->put({labelled("c", "1"), policy::removal(labelled("c", "").key), labelled("c", "2")});
  const auto events = mailbox->take().events;
  CHECK(events == std::vector{labelled("a", "2"), policy::removal(b), labelled("c", "2")});
}

TEST_CASE("an event after a take is delivered like the first") {
  const auto mailbox = open_mailbox();
  mailbox->put({labelled("a", "1")});
  REQUIRE(mailbox->take().events == std::vector{labelled("a", "1")});
  mailbox->put({labelled("a", "2")});
  CHECK(mailbox->take().events == std::vector{labelled("a", "2")});
}

TEST_CASE("synced wakes the reader and stays true") {
  const auto mailbox = open_mailbox();
  mailbox->put({labelled("a", "1")});
  CHECK_FALSE(mailbox->take().synced);
  mailbox->put_synced();
  CHECK(has_mail(*mailbox, 0));
  CHECK(mailbox->take().synced);
  CHECK_FALSE(has_mail(*mailbox, 0));
  CHECK(mailbox->take().synced);
}

constexpr int kWriters = 4;
constexpr int kRounds = 500;

/// What one writer does: versions of an object of its own and of one that all write.
void write_all(Mailbox& mailbox, int number) {
  for (int round = 1; round <= kRounds; ++round) {
    mailbox.put({labelled("own-" + std::to_string(number), std::to_string(round)),
                 labelled("shared", std::to_string(number) + "-" + std::to_string(round))});
  }
}

TEST_CASE("events of several threads arrive, in order for each object") {
  const auto mailbox = open_mailbox();
  std::vector<std::thread> writers;
  std::atomic<int> running = kWriters;
  for (int number = 0; number < kWriters; ++number) {
    writers.emplace_back([&mailbox, &running, number] {
      write_all(*mailbox, number);
      if (--running == 0) mailbox->put_synced();
    });
  }
  const auto all = take_until(*mailbox, is_synced);
  for (auto& writer : writers) writer.join();
  REQUIRE(all.synced);
  for (int number = 0; number < kWriters; ++number) {
    int last = 0;
    bool in_order = true;
    for (const auto& event : all.events) {
      if (event.key.name != "own-" + std::to_string(number)) continue;
      const int version = std::stoi(std::string(*std::get<policy::Pod>(*event.object).labels.find("version")));
      in_order = in_order && version > last;
      last = version;
    }
    CHECK(in_order);
    CHECK(last == kRounds);
  }
}

}  // namespace
}  // namespace selvage::testing

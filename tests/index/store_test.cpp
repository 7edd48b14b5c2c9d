#include "index/store.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "registry_fixture.hpp"

namespace skerry::index {
namespace {

using test::agrees;
using test::Registry;

constexpr StoreLimits small{.people_a_segment = 7, .parts_since_base = 3, .later_people_min = 5, .later_rows = 30, .rows_at_once = 1000};
constexpr StoreLimits in_background{
    .people_a_segment = 7, .parts_since_base = 3, .later_people_min = 5, .later_rows = 30, .rows_at_once = 0};

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::filesystem::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

class StoreTest : public testing::Test {
 protected:
  ledger::TemporaryFolder folder_;
  Registry registry_{folder_.path()};
};

TEST_F(StoreTest, OfAnEmptyLedgerIsEmpty) {
  Store store(registry_.ledger());
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
}

TEST_F(StoreTest, FollowsTheLedgerWriteByWrite) {
  Store store(registry_.ledger(), small);
  std::vector<ledger::Head> heads;
  for (int write = 0; write < 40; ++write) {
    registry_.write(write % 3 == 0 ? 3 : 0);
    heads.push_back(registry_.head());
    ASSERT_TRUE(agrees(store, registry_, heads.back())) << "after write " << write;
  }
  for (const auto& head : {heads[0], heads[5], heads[37], heads[39]}) EXPECT_TRUE(agrees(store, registry_, head)) << head.sequence;
  Store again(registry_.ledger(), small);
  EXPECT_TRUE(agrees(again, registry_, heads[20])) << "before the stored base";
  EXPECT_TRUE(agrees(again, registry_, heads[39]));
}

TEST_F(StoreTest, ReadsAsBeforeAfterARestart) {
  registry_.write(30);
  {
    Store store(registry_.ledger(), small);
    EXPECT_TRUE(agrees(store, registry_, registry_.head()));
  }
  const auto kept = files_in(registry_.index());
  ASSERT_EQ(kept.size(), 6U) << "five segments and their list";
  const auto written = std::filesystem::last_write_time(kept[0]);
  registry_.open();
  registry_.write(0);
  Store store(registry_.ledger(), small);
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
  EXPECT_EQ(files_in(registry_.index()), kept) << "the base was used";
  EXPECT_EQ(std::filesystem::last_write_time(kept[0]), written);
  for (const auto& file : kept) {
    EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
}

TEST_F(StoreTest, ShowsOnlyTheParticipantsAskedFor) {
  registry_.write(20);
  registry_.write(0);
  Store store(registry_.ledger(), small);
  Bitset some(18);
  for (const std::size_t number : {3U, 9U, 17U}) some.set(number);
  const auto reading = store.reading(ledger::test_key(), registry_.head(), some);
  ASSERT_TRUE(reading);
  auto facts = registry_.facts(registry_.head());
  std::erase_if(facts, [&](const Fact& fact) {
    return fact.participant.number > 17 || !some.test(static_cast<std::size_t>(fact.participant.number));
  });
  EXPECT_TRUE(test::sorted_rows(*reading) == test::expected_rows(facts));
}

TEST_F(StoreTest, NoticesDamageAnywhereAndMakesTheIndexAgain) {
  registry_.write(12);
  {
    Store store(registry_.ledger(), small);
    ASSERT_TRUE(agrees(store, registry_, registry_.head()));
  }
  for (const auto& file : files_in(registry_.index())) {
    const auto sound = bytes_of(file);
    std::vector<std::string> damaged{"", sound.substr(0, sound.size() / 2), sound.substr(0, sound.size() - 1), sound + "x",
                                     std::string(sound.size(), '\0')};
    const auto stride = std::max<std::size_t>(1, sound.size() / 12);
    for (std::size_t at = 0; at < sound.size(); at += stride) {
      damaged.push_back(sound);
      damaged.back()[at] = static_cast<char>(damaged.back()[at] ^ 0x10);
    }
    for (const auto& bytes : damaged) {
      put(file, bytes);
      Store store(registry_.ledger(), small);
      ASSERT_TRUE(agrees(store, registry_, registry_.head())) << file.filename();
      ASSERT_TRUE(agrees(store, registry_, registry_.head())) << "again " << file.filename();
      ASSERT_EQ(bytes_of(file), sound) << file.filename() << " is written as it was";
    }
    std::filesystem::remove(file);
    Store store(registry_.ledger(), small);
    ASSERT_TRUE(agrees(store, registry_, registry_.head()));
  }
}

TEST_F(StoreTest, TakesNoOtherLedgersIndex) {
  registry_.write(12);
  {
    Store store(registry_.ledger(), small);
    ASSERT_TRUE(agrees(store, registry_, registry_.head()));
  }
  const ledger::TemporaryFolder other_folder;
  Registry other(other_folder.path(), 2);
  other.write(12);
  std::filesystem::copy(registry_.index(), other.index());
  Store store(other.ledger(), small);
  EXPECT_TRUE(agrees(store, other, other.head()));
}

TEST_F(StoreTest, StaysInMemoryWhereItCannotWrite) {
  put(registry_.index(), "a file where the folder should be");
  registry_.write(12);
  Store store(registry_.ledger(), small);
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
  registry_.write(3);
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
}

TEST_F(StoreTest, RemovesWhatAnUnfinishedWriteLeft) {
  registry_.write(12);
  std::filesystem::create_directory(registry_.index());
  put(registry_.index() / "99-0.segment", "half");
  put(registry_.index() / "current.new", "half");
  put(registry_.index() / "notes", "not ours");
  Store store(registry_.ledger(), small);
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
  EXPECT_FALSE(std::filesystem::exists(registry_.index() / "99-0.segment"));
  EXPECT_FALSE(std::filesystem::exists(registry_.index() / "current.new"));
  EXPECT_TRUE(std::filesystem::exists(registry_.index() / "notes"));
}

TEST_F(StoreTest, ReadersGoOnWhileFactsArriveAndBasesChange) {
  registry_.write(10);
  Store store(registry_.ledger(), in_background);
  std::mutex mutex;
  std::vector<ledger::Head> heads{registry_.head()};
  std::atomic<bool> done = false;
  std::atomic<int> read = 0, wrong = 0;
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        while (!done || read == 0) {
          ledger::Head head;
          {
            const std::lock_guard lock(mutex);
            head = heads.back();
          }
          if (!agrees(store, registry_, head)) ++wrong;
          ++read;
        }
      });
    }
    for (int write = 0; write < 25; ++write) {
      registry_.write(write % 4 == 0 ? 4 : 0);
      const std::lock_guard lock(mutex);
      heads.push_back(registry_.head());
    }
    done = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(read, 0);
  EXPECT_TRUE(agrees(store, registry_, registry_.head()));
}

// The writer of a base is killed at a random moment; what it leaves is never taken for more than it is.
TEST_F(StoreTest, SurvivesKillsWhileABaseIsWritten) {
  registry_.write(30);
  for (int round = 0; round < 20; ++round) {
    registry_.write(8);
    const auto head = registry_.head();
    const pid_t child = ::fork();
    if (child == 0) {
      Store store(registry_.ledger(), small);
      (void)store.reading(ledger::test_key(), head, test::everyone());
      ::_exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    Store store(registry_.ledger(), small);
    ASSERT_TRUE(agrees(store, registry_, head)) << "round " << round;
  }
}

}  // namespace
}  // namespace skerry::index

// Full disks, folders that cannot be written, and two programs at once: a clear error, and nothing half-stored.
#include <gmock/gmock.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iostream>

#include "fixture.hpp"

namespace skerry::ledger {
namespace {

using testing::HasSubstr;

/// Runs `work` in a process of its own and gives back what it says is wrong; a process changes its limits and its user for good.
std::string in_child(const std::function<std::string()>& work) {
  int ends[2] = {-1, -1};
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    std::string said;
    try {
      said = work();
    } catch (const std::exception& error) {
      said = error.what();
    }
    const auto written = ::write(ends[1], said.data(), said.size());
    ::_exit(written == static_cast<ssize_t>(said.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string said;
  char buffer[4096];
  for (auto got = ::read(ends[0], buffer, sizeof buffer); got > 0; got = ::read(ends[0], buffer, sizeof buffer)) {
    said.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) said += " (the child died)";
  return said;
}

Batch batch_of(std::size_t facts) {
  Batch out;
  for (std::size_t i = 0; i < facts; ++i) {
    out.facts.push_back(feature("HP:" + std::to_string(i)));
    out.facts.back().value = Text{std::string(1'000, 'x')};
  }
  out.identity = Identity{R"({"name":")" + std::string(1'000, 'x') + "\"}"};
  return out;
}

/// Appends until the disk is full; what is there then must be what was acknowledged.
std::string fill(Ledger& ledger, std::size_t facts_a_batch) {
  const auto batch = batch_of(facts_a_batch);
  for (int i = 0; i < 10'000; ++i) {
    const auto before = must(ledger.head());
    const auto participants = must(ledger.participants(test_key(), before)).size();
    const auto done = ledger.append("tester", std::span(&batch, 1));
    if (done) continue;
    if (done.error().code != ErrorCode::storage_full) return "not storage_full but " + done.error().text();
    if (must(ledger.head()) != before) return "the head has moved";
    if (history(ledger).size() != static_cast<std::size_t>(before.facts)) return "facts were half-stored";
    if (must(ledger.participants(test_key(), Head{1'000'000, {}, 0, {}})).size() != participants) return "a participant was half-stored";
    return {};
  }
  return "the disk was never full";
}

std::string sound(const std::filesystem::path& folder) {
  const auto ledger = must(Ledger::open(folder));
  const auto batch = batch_of(3);
  must(ledger->append("tester", std::span(&batch, 1)));
  const auto verified = must(ledger->verify());
  return verified.faults.empty() ? "" : verified.faults.front().text();
}

bool limit_file_size(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

class FullDisk : public testing::TestWithParam<std::size_t> {};

TEST_P(FullDisk, AFileThatMayNotGrowIsAFullDiskAndNothingIsHalfStored) {
  const TemporaryFolder folder;
  const auto said = in_child([&]() -> std::string {
    auto ledger = must(Ledger::create(folder.path()));
    ::signal(SIGXFSZ, SIG_IGN);
    if (!limit_file_size(300'000)) return "no limit";
    auto wrong = fill(*ledger, GetParam());
    if (!wrong.empty() || !limit_file_size(RLIM_INFINITY)) return wrong + " (limited)";
    // The same ledger goes on once there is room.
    const auto batch = batch_of(2);
    must(ledger->append("tester", std::span(&batch, 1)));
    const auto verified = must(ledger->verify());
    return verified.faults.empty() ? "" : verified.faults.front().text();
  });
  EXPECT_EQ(said, "");
  EXPECT_EQ(sound(folder.path()), "");
}

TEST_P(FullDisk, AFullFileSystemToo) {
  const TemporaryFolder folder;
  const auto said = in_child([&]() -> std::string {
    // A mount only this child sees.
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=1m") != 0) {
      return "cannot mount";
    }
    auto ledger = must(Ledger::create(folder.path()));
    auto wrong = fill(*ledger, GetParam());
    ledger.reset();
    if (!wrong.empty()) return wrong;
    if (::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_REMOUNT, "size=8m") != 0) return "cannot remount";
    return sound(folder.path());
  });
  if (said == "cannot mount") {
    std::cout << "not root, so no file system of its own to fill: the limit on a file's size stands for it in the test above\n";
    return;
  }
  EXPECT_EQ(said, "");
}

INSTANTIATE_TEST_SUITE_P(Batches, FullDisk, testing::Values(1, 40, 2'000));

/// Without the rights of root, which needs no permission.
std::string as_nobody(const std::function<std::string()>& work) {
  return in_child([&]() -> std::string {
    if (::geteuid() == 0 && (::setgid(65534) != 0 || ::setuid(65534) != 0)) return "cannot become another user";
    return work();
  });
}

TEST(ReadOnly, NoRegistryIsMadeInAFolderThatCannotBeWritten) {
  const TemporaryFolder folder;
  ::chmod(folder.path().c_str(), 0555);
  const auto said = as_nobody([&] {
    const auto made = Ledger::create(folder.path());
    return made ? std::string("made") : std::string(name_of(made.error().code));
  });
  EXPECT_EQ(said, "storage_read_only");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ReadOnly, ARegistryWhoseFilesCannotBeWrittenSaysSo) {
  for (const std::string_view file : {"lock", "ledger.sqlite", "vault.sqlite", "keys/participants"}) {
    const TemporaryFolder folder;
    must(Ledger::create(folder.path())).reset();
    ::chmod(folder.path().c_str(), 0777);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) ::chmod(entry.path().c_str(), 0777);
    ::chmod((folder.path() / file).c_str(), 0444);
    const auto said = as_nobody([&]() -> std::string {
      const auto opened = Ledger::open(folder.path());
      if (!opened) return std::string(name_of(opened.error().code));
      const auto batch = batch_of(2);
      const auto done = (*opened)->append("tester", std::span(&batch, 1));
      if (!history(**opened).empty()) return "half-stored";
      return done ? "stored" : std::string(name_of(done.error().code));
    });
    EXPECT_EQ(said, "storage_read_only") << file;
    EXPECT_EQ(sound(folder.path()), "") << file;
  }
}

TEST(Lock, ASecondOpenInThisProcessNamesIt) {
  const TemporaryFolder folder;
  auto first = must(Ledger::create(folder.path()));
  const auto second = Ledger::open(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::in_use);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(::getpid())));
  first.reset();
  EXPECT_TRUE(Ledger::open(folder.path()));
}

TEST(Lock, ASecondProcessNamesTheFirst) {
  const TemporaryFolder folder;
  const auto first = must(Ledger::create(folder.path()));
  const auto holder = std::to_string(::getpid());
  const auto said = in_child([&] {
    const auto second = Ledger::open(folder.path());
    return second ? std::string("opened") : second.error().text();
  });
  EXPECT_THAT(said, HasSubstr("process " + holder + " "));
}

TEST(Folder, WhatIsNoRegistryIsSaidToBeNone) {
  const TemporaryFolder folder;
  EXPECT_EQ(Ledger::open(folder.path()).error().code, ErrorCode::not_a_registry);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ(Ledger::create(folder.path() / "missing").error().code, ErrorCode::not_found);
  must(Ledger::create(folder.path())).reset();
  EXPECT_EQ(Ledger::create(folder.path()).error().code, ErrorCode::already_exists);
}

TEST(Folder, ALostMasterKeyIsNamed) {
  const TemporaryFolder folder;
  must(Ledger::create(folder.path())).reset();
  std::filesystem::remove(folder.path() / "keys" / "vault.key");
  const auto opened = Ledger::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("vault.key"));
}

}  // namespace
}  // namespace skerry::ledger

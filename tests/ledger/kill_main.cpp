// Kills a writer with SIGKILL at a random moment, again and again, and looks after each time whether the ledger kept its word:
// every acknowledged write is there, exactly once; at most one more is, wholly; the audit chain and every reference hold.
// Usage: ledger_kill WRITER COUNT [SEED]
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_set>
#include <vector>

#include "fixture.hpp"
#include "ledger/ledger.hpp"

namespace skerry::ledger {
namespace {

struct Acknowledged {
  std::int64_t sequence = 0, facts = 0, count = 0;
};

/// What the writer said before it died. A line cut short was not said.
std::vector<Acknowledged> read_acknowledged(const std::string& text, bool& opened) {
  std::vector<Acknowledged> out;
  std::size_t at = 0;
  for (auto end = text.find('\n'); end != std::string::npos; at = end + 1, end = text.find('\n', at)) {
    const auto line = std::string_view(text).substr(at, end - at);
    if (line == "open") {
      opened = true;
      continue;
    }
    Acknowledged one;
    const auto* next = line.data();
    const auto* last = line.data() + line.size();
    for (auto* part : {&one.sequence, &one.facts, &one.count}) {
      next = std::from_chars(next, last, *part).ptr;
      if (next != last) ++next;
    }
    out.push_back(one);
  }
  return out;
}

struct Outcome {
  std::string text;
  bool killed = false;
};

Outcome run_and_kill(const std::string& writer, const std::string& folder, std::uint64_t seed, std::chrono::microseconds life) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return {};
  const auto seed_text = std::to_string(seed);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], STDOUT_FILENO);
    ::execl(writer.c_str(), writer.c_str(), folder.c_str(), seed_text.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  Outcome out;
  char buffer[4096];
  // The clock starts when the ledger is open: before that there is little to break.
  bool started = false;
  std::jthread killer;
  for (auto got = ::read(ends[0], buffer, sizeof buffer); got > 0; got = ::read(ends[0], buffer, sizeof buffer)) {
    out.text.append(buffer, static_cast<std::size_t>(got));
    if (started) continue;
    started = true;
    killer = std::jthread([child, life] {
      std::this_thread::sleep_for(life);
      ::kill(child, SIGKILL);
    });
  }
  if (killer.joinable()) killer.join();
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  out.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  return out;
}

class Watcher {
 public:
  explicit Watcher(std::filesystem::path folder) : folder_(std::move(folder)) {}

  std::int64_t acknowledged = 0, extra = 0;

  /// Empty when everything holds.
  std::string check(const Outcome& outcome) {
    if (!outcome.killed) return "the writer ended by itself: " + outcome.text;
    bool opened = false;
    const auto lines = read_acknowledged(outcome.text, opened);
    if (!opened) return "the writer never opened the ledger";
    auto ledger = Ledger::open(folder_);
    if (!ledger) return ledger.error().text();
    for (const auto& line : lines) {
      if (line.sequence != last_.sequence + 1 || line.facts != last_.facts + line.count) return "the acknowledgements have a gap";
      last_ = line;
      const auto head = (*ledger)->head_at(line.sequence);
      if (!head) return "acknowledged write " + std::to_string(line.sequence) + " is lost";
      if (head->facts != line.facts) return "acknowledged write " + std::to_string(line.sequence) + " is not whole";
    }
    acknowledged += static_cast<std::int64_t>(lines.size());
    return check_rest(**ledger);
  }

 private:
  std::string check_rest(const Ledger& ledger) {
    const auto head = ledger.head();
    if (!head) return head.error().text();
    if (head->sequence > last_.sequence + 1) return "more than one write was stored without being acknowledged";
    if (head->sequence == last_.sequence + 1) {
      ++extra;
      last_ = {head->sequence, head->facts, 0};
    }
    if (head->facts != last_.facts) return "facts are there that no write brought";
    const auto verified = ledger.verify();
    if (!verified) return verified.error().text();
    if (!verified->faults.empty()) return verified->faults.front().text();
    std::unordered_set<std::int64_t> marks;
    bool twice = false;
    const auto read = ledger.read_history(test_key(), *head, std::nullopt, [&](const Fact& fact) {
      twice = twice || !marks.insert(std::get<std::int64_t>(fact.value)).second;
      return true;
    });
    if (!read) return read.error().text();
    if (twice) return "a fact is stored twice";
    if (static_cast<std::int64_t>(marks.size()) != head->facts) return "facts are missing";
    return {};
  }

  std::filesystem::path folder_;
  Acknowledged last_;
};

int kill_again_and_again(const std::string& writer, int times, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto start = std::chrono::steady_clock::now();
  std::int64_t acknowledged = 0, extra = 0;
  // A fresh folder now and then keeps the checks, which read everything, short.
  for (int done = 0; done < times;) {
    const TemporaryFolder folder;
    if (const auto made = Ledger::create(folder.path()); !made) {
      fmt::print(stderr, "{}\n", made.error().text());
      return 1;
    }
    Watcher watcher(folder.path());
    for (int i = 0; i < 20 && done < times; ++i, ++done) {
      const std::chrono::microseconds life(random() % 60'000);
      const auto wrong = watcher.check(run_and_kill(writer, folder.path().string(), seed + static_cast<std::uint64_t>(done), life));
      if (wrong.empty()) continue;
      fmt::print(stderr, "kill {} (seed {}): {}\n", done + 1, seed, wrong);
      return 1;
    }
    acknowledged += watcher.acknowledged;
    extra += watcher.extra;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("killed {} times in {:.1f} s: {} acknowledged writes, none lost, none twice; {} more were stored whole, unacknowledged\n",
             times, seconds, acknowledged, extra);
  // A test that never caught the writer at work would prove nothing.
  return acknowledged > times / 4 ? 0 : 1;
}

}  // namespace
}  // namespace skerry::ledger

int main(int count, char** arguments) {
  if (count < 3) return 2;
  const auto number = [&](int at, std::uint64_t otherwise) {
    if (at >= count) return otherwise;
    const std::string_view text = arguments[at];
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
    return otherwise;
  };
  return skerry::ledger::kill_again_and_again(arguments[1], static_cast<int>(number(2, 200)), number(3, 1));
}

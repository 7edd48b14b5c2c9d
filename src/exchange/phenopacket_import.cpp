#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>

#include "exchange/phenopacket_pipeline.hpp"
#include "exchange/phenopacket_update.hpp"
#include "exchange/phenopackets.hpp"

namespace skerry::exchange {
namespace {

using Clock = std::chrono::steady_clock;

/// A transaction's worth: enough that flushing it to the disk costs little a packet, and little enough to hold in memory.
constexpr std::size_t pending_facts_max = 20'000;
/// The first one is smaller, so that writing starts while most is still to be read.
constexpr std::size_t first_facts_max = 4'000;
constexpr std::chrono::milliseconds progress_every{200};

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

bool storage_failed(const Error& error) {
  const auto code = error.code;
  return code == ErrorCode::storage_full || code == ErrorCode::storage_read_only || code == ErrorCode::storage_failed ||
         code == ErrorCode::in_use || code == ErrorCode::internal;
}

/// One packet this registry has, or will have when what is pending is appended.
struct Known {
  ParticipantId participant;
  Digest digest;
  std::string name;
  std::string file;      ///< of this run; empty for an earlier one's
  bool claimed = false;  ///< a file of this run is this packet
};

class Import {
 public:
  Import(ledger::Ledger& ledger, const consent::Gate& gate, const vocabulary::Vocabulary& vocabulary, const ImportOptions& options)
      : ledger_(ledger), gate_(gate), vocabulary_(vocabulary), options_(options) {}

  Result<ImportReport> run() {
    const auto start = Clock::now();
    if (options_.paths.empty()) return fail(ErrorCode::usage, "name at least one file or folder to import");
    if (auto loaded = load_origins(); !loaded) return fail(std::move(loaded.error()));
    files_ = list_packets(options_.paths, report_.warnings);
    report_.files = files_.files.size();
    for (auto& error : files_.unreadable) reject(std::move(error));
    if (auto done = first_pass(); !done) return fail(std::move(done.error()));
    if (auto done = flush(); !done) return fail(std::move(done.error()));
    if (auto done = second_pass(); !done) return fail(std::move(done.error()));
    if (auto done = flush(); !done) return fail(std::move(done.error()));
    tell_progress(true);
    report_.seconds.total = seconds(Clock::now() - start);
    return std::move(report_);
  }

 private:
  Result<void> load_origins() {
    auto origins = ledger_.origins("phenopacket");
    if (!origins) return fail(std::move(origins.error()));
    for (auto& hit : *origins) {
      auto& packets = known_[hit.origin.key];
      // A later origin of one participant is what an update left.
      const auto earlier =
          std::find_if(packets.begin(), packets.end(), [&](const Known& one) { return one.participant == hit.participant; });
      if (earlier != packets.end()) packets.erase(earlier);
      packets.push_back({hit.participant, hit.origin.digest, std::move(hit.origin.name), {}, false});
    }
    return {};
  }

  Result<void> first_pass() {
    const auto cores = std::max(2U, std::thread::hardware_concurrency());
    Pipeline pipeline(files_, vocabulary_, options_.packet_bytes_max, std::min<std::size_t>(cores - 1, 4));
    auto enough = first_facts_max;
    while (auto chunk = pipeline.next()) {
      report_.seconds.read += seconds(chunk->read);
      report_.seconds.parse += seconds(chunk->times.parse);
      report_.seconds.map += seconds(chunk->times.map);
      for (auto& file : chunk->files) {
        take(file);
        if (pending_facts_ < enough) continue;
        if (auto done = flush(); !done) return done;
        pipeline.discard(std::exchange(spent_, {}));
        enough = pending_facts_max;
      }
      tell_progress(false);
    }
    return {};
  }

  void take(ParsedFile& file) {
    const auto& source = files_.files[file.file];
    ++progress_.files_done;
    progress_.bytes_done += source.bytes;
    report_.bytes += file.json_bytes;
    if (!file.packet) return reject(std::move(file.packet.error()));
    Parsed& packet = *file.packet;
    auto& hits = known_[packet.batch.origin->key];
    if (claim_same(hits, packet)) {
      ++report_.unchanged;
      note(packet);
      return;
    }
    // Which of the earlier packets of this id a changed one stands for is known when every file has been seen.
    if (std::any_of(hits.begin(), hits.end(), [](const Known& one) { return !one.claimed; })) {
      deferred_.push_back(file.file);
      return;
    }
    add_new(std::move(packet), hits, source.shown);
  }

  static bool claim_same(std::vector<Known>& hits, const Parsed& packet) {
    for (auto& hit : hits) {
      if (hit.digest != packet.batch.origin->digest) continue;
      hit.claimed = true;
      return true;
    }
    return false;
  }

  void add_new(Parsed packet, std::vector<Known>& hits, const std::string& shown) {
    if (!hits.empty()) {
      const auto& other = hits.back().file.empty() ? hits.back().name : hits.back().file;
      add(report_.warnings, {WarningKind::same_id_twice, {shown, 0, 0, "/id"}, other});
    }
    hits.push_back({{}, packet.batch.origin->digest, packet.batch.origin->name, shown, true});
    note(packet);
    if (options_.basis == ImportBasis::none) packet.batch.consents.clear();
    pending_facts_ += packet.batch.facts.size();
    pending_.push_back(std::move(packet.batch));
    pending_files_.push_back({shown, &report_.accepted_new});
  }

  /// Files whose packets differ from what an earlier import brought.
  Result<void> second_pass() {
    if (deferred_.empty()) return {};
    PacketReader reader(vocabulary_, options_.packet_bytes_max);
    for (const auto index : deferred_) {
      auto file = reader.read(files_, index, nullptr, nullptr);
      if (!file.packet) {
        reject(std::move(file.packet.error()));
        continue;
      }
      const auto& shown = files_.files[index].shown;
      auto& hits = known_[file.packet->batch.origin->key];
      if (claim_same(hits, *file.packet)) {
        ++report_.unchanged;
        note(*file.packet);
      } else if (Known* earlier = earlier_packet(hits, *file.packet)) {
        if (auto done = update(*earlier, std::move(*file.packet), shown); !done) return done;
      } else {
        add_new(std::move(*file.packet), hits, shown);
      }
      if (pending_facts_ < pending_facts_max) continue;
      if (auto done = flush(); !done) return done;
    }
    return {};
  }

  static Known* earlier_packet(std::vector<Known>& hits, const Parsed& packet) {
    Known* out = nullptr;
    for (auto& hit : hits) {
      if (hit.claimed) continue;
      if (hit.name == packet.batch.origin->name) return &hit;
      if (out == nullptr) out = &hit;
    }
    return out;
  }

  /// Consents stay as they are: a changed packet decides nothing anew.
  Result<void> update(Known& earlier, Parsed packet, const std::string& shown) {
    if (!view_) {
      auto view = gate_.open({consent::Role::system, options_.actor}, Purpose::registry_research);
      if (!view) return fail(std::move(view.error()));
      view_.emplace(std::move(*view));
    }
    earlier.claimed = true;
    const auto participants = view_->participants();
    if (!std::binary_search(participants.begin(), participants.end(), earlier.participant)) {
      reject({ErrorCode::consent_refused, "changes a packet that no consent lets be read", {shown, 0, 0, "/id"}});
      return {};
    }
    auto before = view_->facts_of(earlier.participant);
    if (!before) return fail(std::move(before.error()));
    note(packet);
    ledger::Batch batch;
    batch.participant = earlier.participant;
    batch.facts = changes(*before, packet.batch.facts);
    batch.identity = std::move(packet.batch.identity);
    if (!batch.identity && has_identity(*before)) batch.identity = ledger::Identity{"{}"};
    batch.origin = std::move(packet.batch.origin);
    earlier.digest = batch.origin->digest;
    earlier.file = shown;
    pending_facts_ += batch.facts.size();
    pending_.push_back(std::move(batch));
    pending_files_.push_back({shown, &report_.updated});
    return {};
  }

  Result<void> flush() {
    if (pending_.empty()) return {};
    const auto start = Clock::now();
    auto receipts = ledger_.append(options_.actor, pending_);
    if (!receipts && storage_failed(receipts.error())) return fail(std::move(receipts.error()));
    for (std::size_t i = 0; i < pending_.size(); ++i) {
      if (receipts) {
        count(i, (*receipts)[i]);
        continue;
      }
      // One of them is refused: each by itself, so that the others go in.
      auto one = ledger_.append(options_.actor, {&pending_[i], 1});
      if (one) {
        count(i, one->front());
      } else if (storage_failed(one.error())) {
        return fail(std::move(one.error()));
      } else {
        refuse(i, std::move(one.error()));
      }
    }
    spent_ = std::exchange(pending_, {});
    pending_files_.clear();
    pending_facts_ = 0;
    report_.seconds.append += seconds(Clock::now() - start);
    return {};
  }

  void count(std::size_t index, const ledger::Receipt& receipt) {
    ++*pending_files_[index].counter;
    report_.facts += pending_[index].facts.size();
    for (auto& one : known_[pending_[index].origin->key]) {
      if (!one.participant.set() && one.digest == pending_[index].origin->digest) one.participant = receipt.participant;
    }
  }

  void refuse(std::size_t index, Error error) {
    const auto& origin = *pending_[index].origin;
    std::erase_if(known_[origin.key], [&](const Known& one) { return !one.participant.set() && one.digest == origin.digest; });
    error.place.file = pending_files_[index].shown;
    reject(std::move(error));
  }

  void reject(Error error) {
    ++report_.rejected_count;
    if (report_.rejected.size() < options_.rejected_kept_max) report_.rejected.push_back(std::move(error));
  }

  void note(Parsed& packet) {
    for (auto& warning : packet.warnings) add(report_.warnings, std::move(warning));
    for (const auto& [path, times] : packet.not_modelled) {
      const auto found = report_.not_modelled.find(path);
      if (found != report_.not_modelled.end()) {
        found->second += times;
      } else if (report_.not_modelled.size() < not_modelled_paths_max) {
        report_.not_modelled.emplace(path, times);
      } else {
        report_.not_modelled["(further places)"] += times;
      }
    }
  }

  void tell_progress(bool last) {
    if (!options_.progress) return;
    const auto now = Clock::now();
    if (!last && now - told_ < progress_every) return;
    told_ = now;
    progress_.files_total = files_.files.size();
    progress_.bytes_total = files_.bytes;
    options_.progress(progress_);
  }

  struct PendingFile {
    std::string shown;
    std::uint64_t* counter;
  };
  static constexpr std::size_t not_modelled_paths_max = 10'000;

  ledger::Ledger& ledger_;
  const consent::Gate& gate_;
  const vocabulary::Vocabulary& vocabulary_;
  const ImportOptions& options_;
  ImportReport report_;
  ImportProgress progress_;
  Clock::time_point told_{};
  PacketFiles files_;
  std::unordered_map<std::string, std::vector<Known>> known_;
  std::vector<std::size_t> deferred_;
  std::vector<ledger::Batch> pending_;
  std::vector<ledger::Batch> spent_;  ///< stored; only their memory is left
  std::vector<PendingFile> pending_files_;
  std::size_t pending_facts_ = 0;
  std::optional<consent::View> view_;
};

}  // namespace

Result<ImportReport> import_phenopackets(ledger::Ledger& ledger, const consent::Gate& gate, const vocabulary::Vocabulary& vocabulary,
                                         const ImportOptions& options) {
  return Import(ledger, gate, vocabulary, options).run();
}

}  // namespace skerry::exchange

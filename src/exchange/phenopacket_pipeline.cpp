#include "exchange/phenopacket_pipeline.hpp"

#include <utility>

namespace skerry::exchange {
namespace {

constexpr std::size_t chunk_files_max = 64;
constexpr std::uint64_t chunk_bytes_max = std::uint64_t{512} << 10;
/// So much that the threads need not wait while a transaction is written. Compressed, the same packets are fewer bytes: so the chunks
/// are counted too.
constexpr std::size_t held_small_chunks_max = 16;
constexpr std::uint64_t held_bytes_max = std::uint64_t{8} << 20;

}  // namespace

PacketReader::PacketReader(const vocabulary::Vocabulary& vocabulary, std::uint64_t packet_bytes_max)
    : reader_(packet_bytes_max), terms_(vocabulary) {}

ParsedFile PacketReader::read(const PacketFiles& files, std::size_t file, std::chrono::nanoseconds* read_time, ParseTimes* times) {
  const auto start = std::chrono::steady_clock::now();
  const auto& wanted = files.files[file];
  auto json = reader_.read(wanted);
  if (read_time != nullptr) *read_time += std::chrono::steady_clock::now() - start;
  if (!json) return {file, 0, fail(std::move(json.error()))};
  auto packet = parser_.parse(*json, json->size() + FileReader::padding, wanted.shown, times);
  if (packet) {
    packet->batch.origin->name = wanted.name;
    terms_.look(*packet, wanted.shown);
  }
  return {file, json->size(), std::move(packet)};
}

Pipeline::Pipeline(const PacketFiles& files, const vocabulary::Vocabulary& vocabulary, std::uint64_t packet_bytes_max, std::size_t threads)
    : files_(files), vocabulary_(vocabulary), packet_bytes_max_(packet_bytes_max), held_max_(threads + 3) {
  for (std::size_t i = 0; i < files.files.size(); ++i) {
    const bool full = !chunks_.empty() && (i - chunks_.back().first >= chunk_files_max || chunks_.back().bytes >= chunk_bytes_max);
    if (chunks_.empty() || full) chunks_.push_back({i, i, 0});
    chunks_.back().last = i + 1;
    chunks_.back().bytes += files.files[i].bytes;
  }
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Pipeline::~Pipeline() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Pipeline::room() const {
  const auto held = taken_ - given_;
  return held < held_max_ || (held < held_small_chunks_max && held_bytes_ + chunks_[taken_].bytes <= held_bytes_max);
}

void Pipeline::work() {
  PacketReader reader(vocabulary_, packet_bytes_max_);
  while (true) {
    std::size_t mine = 0;
    std::vector<ledger::Batch> spent;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stop_ || taken_ == chunks_.size() || room(); });
      if (stop_ || taken_ == chunks_.size()) return;
      mine = taken_++;
      held_bytes_ += chunks_[mine].bytes;
      spent.swap(spent_);
    }
    spent.clear();
    ParsedChunk chunk;
    chunk.files.reserve(chunks_[mine].last - chunks_[mine].first);
    for (std::size_t i = chunks_[mine].first; i < chunks_[mine].last; ++i) {
      chunk.files.push_back(reader.read(files_, i, &chunk.read, &chunk.times));
    }
    {
      const std::lock_guard lock(mutex_);
      ready_.emplace(mine, std::move(chunk));
    }
    changed_.notify_all();
  }
}

void Pipeline::discard(std::vector<ledger::Batch> spent) {
  const std::lock_guard lock(mutex_);
  spent_.swap(spent);
}

std::optional<ParsedChunk> Pipeline::next() {
  std::unique_lock lock(mutex_);
  if (given_ == chunks_.size()) return std::nullopt;
  changed_.wait(lock, [&] { return ready_.contains(given_); });
  auto out = std::move(ready_.extract(given_).mapped());
  held_bytes_ -= chunks_[given_].bytes;
  ++given_;
  lock.unlock();
  changed_.notify_all();
  return out;
}

}  // namespace skerry::exchange

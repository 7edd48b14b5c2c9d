// Files to parsed packets on threads of their own, handed over in the files' order.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "exchange/phenopacket_files.hpp"
#include "exchange/phenopacket_parser.hpp"
#include "exchange/phenopacket_terms.hpp"

namespace skerry::exchange {

struct ParsedFile {
  std::size_t file = 0;  ///< its place in PacketFiles::files
  std::uint64_t json_bytes = 0;
  Result<Parsed> packet;
};

struct ParsedChunk {
  std::vector<ParsedFile> files;
  std::chrono::nanoseconds read{};
  ParseTimes times;
};

/// Reads and parses one file. Not thread-safe: one a thread.
class PacketReader {
 public:
  PacketReader(const vocabulary::Vocabulary& vocabulary, std::uint64_t packet_bytes_max);
  /// With the warnings of the vocabulary; the origin's name is the file's.
  ParsedFile read(const PacketFiles& files, std::size_t file, std::chrono::nanoseconds* read_time, ParseTimes* times);

 private:
  FileReader reader_;
  PacketParser parser_;
  TermCheck terms_;
};

/// At most what one transaction takes is ever held: some megabytes of JSON, or a few chunks of large packets. The destructor
/// stops the threads.
class Pipeline {
 public:
  Pipeline(const PacketFiles& files, const vocabulary::Vocabulary& vocabulary, std::uint64_t packet_bytes_max, std::size_t threads);
  ~Pipeline();
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  /// The next chunk in order; nothing when all are done.
  std::optional<ParsedChunk> next();
  /// Batches that are stored: their memory is given back where it was taken, not on the thread that writes.
  void discard(std::vector<ledger::Batch> spent);

 private:
  struct Span {
    std::size_t first, last;
    std::uint64_t bytes;
  };
  void work();
  [[nodiscard]] bool room() const;

  const PacketFiles& files_;
  const vocabulary::Vocabulary& vocabulary_;
  std::uint64_t packet_bytes_max_;
  std::size_t held_max_;
  std::vector<Span> chunks_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t taken_ = 0;         ///< chunks given to threads
  std::size_t given_ = 0;         ///< chunks handed over
  std::uint64_t held_bytes_ = 0;  ///< of the files of the chunks between
  bool stop_ = false;
  std::map<std::size_t, ParsedChunk> ready_;
  std::vector<ledger::Batch> spent_;
  std::vector<std::thread> threads_;
};

}  // namespace skerry::exchange

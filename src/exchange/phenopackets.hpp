// GA4GH phenopackets v2 in and out: one packet is one participant (docs/phenopackets.md).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "consent/view.hpp"
#include "exchange/phenopacket_warnings.hpp"
#include "ledger/ledger.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::exchange {

/// What one packet says. `batch` has no participant yet; its origin's digest is that of the packet's canonical JSON, so that two
/// texts of one content have one digest. Its consents are those of a published case.
struct Parsed {
  ledger::Batch batch;
  std::string publication;  ///< the source of its facts: "PMID:25802881", or "phenopacket:<id>" when it names none
  std::vector<Warning> warnings;
  NotModelled not_modelled;
};

/// Reads one phenopacket in JSON. `file` goes into the places of errors and warnings only.
/// Errors, with the JSON path: malformed, invalid_text, too_deep, too_large, and those of the schema: wrong_type, unknown_value,
/// duplicate_key, missing_field (its id), out_of_range, conflict. Thread-safe.
[[nodiscard]] Result<Parsed> read_phenopacket(std::string_view json, std::string_view file);

/// Writes the packet these facts of one participant make: canonical protobuf JSON without white space. Facts that came from a
/// packet give that packet again. `not_written` counts what has no place in a phenopacket, by kind and role.
/// Errors: malformed when a kept record is damaged. Thread-safe.
[[nodiscard]] Result<std::string> write_phenopacket(const std::vector<Fact>& facts, const std::optional<ledger::Identity>& identity,
                                                    NotModelled* not_written = nullptr);

/// The same JSON text with two spaces a level, as people read it. The input must be JSON.
[[nodiscard]] std::string indented(std::string_view json);

/// How far an import is; called from the importing thread a few times a second and once at the end.
struct ImportProgress {
  std::uint64_t files_done = 0;
  std::uint64_t files_total = 0;
  std::uint64_t bytes_done = 0;  ///< of the files as they lie on the disk
  std::uint64_t bytes_total = 0;
};

/// Why the packets may be used.
enum class ImportBasis : std::uint8_t {
  published,  ///< cases already published: registry research, federated studies and public figures, on that basis
  none,       ///< no consent is recorded: the records appear in no View until it is
};

struct ImportOptions {
  /// Files (JSON or gzip, told by their content) and folders (every .json and .json.gz below them; links to folders are not followed).
  std::vector<std::filesystem::path> paths;
  ImportBasis basis = ImportBasis::published;
  std::string actor = "command line";
  std::function<void(const ImportProgress&)> progress;
  std::uint64_t packet_bytes_max = std::uint64_t{64} << 20;  ///< of one packet's JSON, unpacked
  std::size_t rejected_kept_max = 1'000;                     ///< of ImportReport::rejected
};

struct ImportSeconds {
  double read = 0;    ///< opening, reading, unpacking
  double parse = 0;   ///< JSON text to tokens
  double map = 0;     ///< tokens to facts
  double append = 0;  ///< facts to the disk, flushed
  double total = 0;   ///< of the clock; reading, parsing and mapping run beside appending
};

struct ImportReport {
  std::uint64_t files = 0;  ///< looked at
  std::uint64_t accepted_new = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t updated = 0;
  std::uint64_t rejected_count = 0;
  std::vector<Error> rejected;  ///< the first ones, each with file and, where there is one, JSON path
  Warnings warnings;
  NotModelled not_modelled;
  std::uint64_t facts = 0;  ///< appended, retractions counted too
  std::uint64_t bytes = 0;  ///< of JSON, unpacked
  ImportSeconds seconds;
};

/// Each packet goes in whole or not at all; a rejected one does not keep the others out. What was appended before a failure
/// stays, and importing again goes on from there. Errors: those of the ledger's storage, usage when there are no paths.
/// Run one import at a time on a registry.
[[nodiscard]] Result<ImportReport> import_phenopackets(ledger::Ledger& ledger, const consent::Gate& gate,
                                                       const vocabulary::Vocabulary& vocabulary, const ImportOptions& options);

struct ExportOptions {
  bool compact = false;  ///< without white space
};

struct ExportReport {
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;
  NotModelled not_written;      ///< "experience skerry:question/pain" -> how often: what a phenopacket has no place for
  std::vector<Error> rejected;  ///< participants that could not be written, told by their number
};

/// One file for each participant of the view, named after its packet's id, in `directory`, which is made when it is missing.
/// Exact birth dates and other ids go out where View::identity allows it. Errors: already_exists when the directory holds
/// anything, storage_full, storage_failed, those of the view.
[[nodiscard]] Result<ExportReport> export_phenopackets(const consent::View& view, const std::filesystem::path& directory,
                                                       const ExportOptions& options = {});

}  // namespace skerry::exchange

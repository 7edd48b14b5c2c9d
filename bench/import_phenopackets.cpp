// How fast phenopackets become durable facts: bench_import [packets | folder of packets] [folder to work in].
// Unless a folder of them is given, the packets are made here, some 6 KB of indented JSON each, of the size and shape of
// published cases.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <string_view>

#include "exchange/phenopackets.hpp"

namespace {

namespace fs = std::filesystem;
using namespace skerry;

constexpr std::string_view codes_label = "A phenotypic feature with a label of usual length";

std::string feature(std::mt19937& random) {
  const auto code = std::uniform_int_distribution<int>(1, 18'000)(random);
  const auto kind = std::uniform_int_distribution<int>(0, 9)(random);
  std::string more = kind < 6 ? R"(,"excluded":true)" : "";
  if (kind == 9) more = R"(,"onset":{"age":{"iso8601duration":"P2Y6M"}})";
  return fmt::format(R"({{"type":{{"id":"HP:{:07}","label":"{} {}"}}{}}})", code, codes_label, code, more);
}

std::string resource(std::string_view id) {
  return fmt::format(
      R"({{"id":"{0}","name":"The ontology of that name","url":"http://purl.obolibrary.org/obo/{0}.owl","version":"2025-11-24",)"
      R"("namespacePrefix":"{0}","iriPrefix":"http://purl.obolibrary.org/obo/{0}_"}})",
      id);
}

std::string packet(int number, std::mt19937& random) {
  std::string features;
  const auto count = std::uniform_int_distribution<int>(8, 22)(random);
  for (int i = 0; i < count; ++i) features += (i == 0 ? "" : ",") + feature(random);
  std::string resources;
  for (const auto* id : {"hp", "geno", "so", "omim", "hgnc"}) resources += (resources.empty() ? "" : ",") + resource(id);
  const auto position = std::uniform_int_distribution<int>(1'000'000, 60'000'000)(random);
  return fmt::format(
      R"({{"id":"PMID_{0}_P{0}","subject":{{"id":"P{0}","timeAtLastEncounter":{{"age":{{"iso8601duration":"P{1}Y"}}}},"sex":"FEMALE"}},)"
      R"("phenotypicFeatures":[{2}],"interpretations":[{{"id":"interpretation-{0}","progressStatus":"SOLVED","diagnosis":{{)"
      R"("disease":{{"id":"OMIM:166350","label":"Osseous heteroplasia, progressive"}},"genomicInterpretations":[{{)"
      R"("subjectOrBiosampleId":"P{0}","interpretationStatus":"CAUSATIVE","variantInterpretation":{{)"
      R"("acmgPathogenicityClassification":"PATHOGENIC","therapeuticActionability":"UNKNOWN_ACTIONABILITY","variationDescriptor":{{)"
      R"("id":"var_{0}","geneContext":{{"valueId":"HGNC:4392","symbol":"GNAS"}},"expressions":[)"
      R"({{"syntax":"hgvs.c","value":"NM_000516.7:c.{3}G>A"}},{{"syntax":"hgvs.g","value":"NC_000020.11:g.{3}G>A"}},)"
      R"({{"syntax":"hgvs.p","value":"NP_000507.1:p.Val{3}Met"}}],"vcfRecord":{{"genomeAssembly":"hg38","chrom":"chr20",)"
      R"("pos":{3},"ref":"G","alt":"A"}},"moleculeContext":"genomic","allelicState":{{"id":"GENO:0000135","label":"heterozygous"}}}}}}}}]}}}}],)"
      R"("diseases":[{{"term":{{"id":"OMIM:166350","label":"Osseous heteroplasia, progressive"}}}}],"metaData":{{)"
      R"("created":"2026-01-04T21:21:22.053635Z","createdBy":"0000-0000-0000-0000","resources":[{4}],)"
      R"("phenopacketSchemaVersion":"2.0.2","externalReferences":[{{"id":"PMID:{0}","description":"The title of a publication"}}]}}}})",
      number, number % 60, features, position, resources);
}

double processor_seconds() {
  ::rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const ::timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Result<exchange::ImportReport> import_into(const fs::path& registry, const fs::path& packets) {
  auto ledger = ledger::Ledger::create(registry);
  if (!ledger) return fail(std::move(ledger.error()));
  const consent::Gate gate(**ledger);
  exchange::ImportOptions options;
  options.paths = {packets};
  return exchange::import_phenopackets(**ledger, gate, vocabulary::Vocabulary{}, options);
}

/// The stages are times of the clock: on a busy machine they are longer than the work in them.
void print(const exchange::ImportReport& report, double processor) {
  const auto megabytes = static_cast<double>(report.bytes) / 1e6;
  const auto& s = report.seconds;
  fmt::print("packets        {:>10}   {:.1f} MB of JSON, {} facts, {} rejected\n", report.accepted_new, megabytes, report.facts,
             report.rejected_count);
  fmt::print("total          {:>10.2f} s {:>8.1f} MB/s (goal 50)  {:.0f} packets/s  {:.0f} facts/s\n", s.total, megabytes / s.total,
             static_cast<double>(report.accepted_new) / s.total, static_cast<double>(report.facts) / s.total);
  fmt::print("processor      {:>10.2f} s {:>8.1f} MB/s of one core, all threads together\n", processor, megabytes / processor);
  fmt::print("read           {:>10.2f} s {:>8.1f} MB/s\n", s.read, megabytes / s.read);
  fmt::print("parse          {:>10.2f} s {:>8.1f} MB/s\n", s.parse, megabytes / s.parse);
  fmt::print("map            {:>10.2f} s {:>8.1f} MB/s\n", s.map, megabytes / s.map);
  fmt::print("append, flush  {:>10.2f} s {:>8.1f} MB/s\n", s.append, megabytes / s.append);
}

/// On the disk before the clock starts: the ledger's first flush would else wait for the packets' own.
void make_packets(const fs::path& folder, int count) {
  std::mt19937 random(2'026);
  for (int i = 0; i < count; ++i) {
    const auto part = folder / std::to_string(i / 1'000);
    if (i % 1'000 == 0) fs::create_directories(part);
    std::ofstream(part / fmt::format("{}.json", i), std::ios::binary) << exchange::indented(packet(i, random));
  }
  ::sync();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "10000";
  int count = 0;
  std::from_chars(first.data(), first.data() + first.size(), count);
  std::error_code ignored;
  const bool given = fs::is_directory(first, ignored);
  std::string pattern = (argc > 2 ? fs::path(argv[2]) : fs::temp_directory_path()) / "skerry-bench-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) {
    fmt::print(stderr, "cannot make a folder in {}\n", pattern);
    return 6;
  }
  const fs::path folder = pattern;
  fs::create_directories(folder / "registry");
  const auto packets = given ? fs::path(first) : folder / "packets";
  if (!given) make_packets(packets, count);
  const double before = processor_seconds();
  const auto report = import_into(folder / "registry", packets);
  if (report) print(*report, processor_seconds() - before);
  if (!report) fmt::print(stderr, "{}\n", report.error().text());
  fs::remove_all(folder, ignored);
  return report ? 0 : exit_code_of(report.error().code);
}

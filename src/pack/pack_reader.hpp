// The parts of a pack, read one after another; what each finds goes into the Reading.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pack/pack_file.hpp"

namespace skerry::pack {

/// A pack half read.
struct Reading {
  Checking checking;
  Pack pack;
  std::vector<vocabulary::Term> terms;                ///< from terms.json, codes.json and body_sites.json
  std::vector<std::string> versions;                  ///< of the vocabularies terms.json draws on
  std::map<std::string, Place, std::less<>> code_at;  ///< where each code was told first

  /// Takes the term in; a fault when its id stands already.
  void add_term(vocabulary::Term term, const Place& place);
  /// Tells, once the vocabulary is made, a code the pack does not carry.
  void require_code(std::string_view curie, const Place& place);
};

void read_manifest(Reading& reading);    // pack.json: first, the others need its languages
void read_terms(Reading& reading);       // terms.json
void read_codes(Reading& reading);       // codes.json
void read_body_sites(Reading& reading);  // body_sites.json
void make_vocabulary(Reading& reading);  // after the three above, before those below
void read_rules(Reading& reading);       // quality_rules.json
void read_labels(Reading& reading);      // texts/labels.<language>.json
void read_messages(Reading& reading);    // texts/messages.<language>.json
void read_sources(Reading& reading);     // sources.json
void read_warnings(Reading& reading);    // warnings.json
void read_consent(Reading& reading);     // consent.json
void read_forms(Reading& reading);       // forms.json
void read_studies(Reading& reading);     // studies/*.json
void read_questions(Reading& reading);   // questions/*.json and the answers they name

}  // namespace skerry::pack

// The vocabularies a registry has been given: DIR/vocabulary/<ontology>.terms, one file an ontology.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "vocabulary/vocabulary.hpp"

namespace skerry::vocabulary {

struct Added {
  std::string version;  ///< "hp 2024-08-13"
  std::size_t terms = 0;
  bool already_there = false;  ///< the same terms were there before; nothing was written
};

/// Reads an OBO graph (read_obograph), and stores its terms under `data_dir`/vocabulary. Another version of the same ontology
/// takes the place of the one before. Durable (fsync) when it returns; a fault half-way leaves what was there. Errors: those of
/// read_obograph, not_a_registry (no such folder), storage_full, storage_read_only, storage_failed.
Result<Added> add_to_registry(const std::filesystem::path& data_dir, const std::filesystem::path& file);

/// The pack's terms and all that were added; where both have an id, the added one stands. The pack's alone when nothing was
/// added. Errors: malformed or verification_failed (a damaged file, with its name), conflict (is-a becomes circular).
[[nodiscard]] Result<Vocabulary> load_registry(const std::filesystem::path& data_dir, const Vocabulary& of_pack);

/// The bytes of a .terms file: "skerry-terms 1\n", BLAKE2b-256 of the rest, then counts and length-prefixed texts in LEB128.
[[nodiscard]] std::string encode_terms(const Vocabulary& vocabulary);
/// Errors: malformed, verification_failed (the digest does not hold), wrong_version. Never reads past the end.
[[nodiscard]] Result<Vocabulary> decode_terms(std::string_view bytes);

}  // namespace skerry::vocabulary

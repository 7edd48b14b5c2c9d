// A packet's tree to facts and back; the two halves of docs/phenopackets.md's table.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "exchange/phenopacket_tree.hpp"
#include "exchange/phenopacket_warnings.hpp"
#include "fact/fact.hpp"

namespace skerry::exchange::pp {

/// The source of a packet's facts: its first external reference that is a publication ("PMID:1", "DOI:..."), else
/// "phenopacket:<id>".
struct Publication {
  std::string id;
  bool stated = false;
};
[[nodiscard]] Publication publication_of(const Object& packet);

/// All facts of a packet, its document first, part_of as ledger::Batch wants it.
[[nodiscard]] std::vector<Fact> facts_of(const Object& packet, const Source& source);
/// What goes into the vault: "dateOfBirth" and "alternateIds". Empty when there is nothing.
[[nodiscard]] std::string identity_of(const Object& packet);

/// Errors: malformed, wrong_type.
[[nodiscard]] Result<Object> packet_of(const std::vector<Fact>& facts, std::string_view identity, Memory& memory, NotModelled& not_written);

/// One genomic interpretation as a Kind::variant fact, without part_of; `disease` is its diagnosis, for want of a gene.
[[nodiscard]] Fact variant_fact(const Node& genomic_interpretation, const Code& disease);
[[nodiscard]] Result<Node> interpretation_node(const Fact& fact, Memory& memory);

}  // namespace skerry::exchange::pp

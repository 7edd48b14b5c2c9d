// What to append so that a participant's facts say what a changed packet says.
#pragma once

#include <vector>

#include "fact/fact.hpp"

namespace skerry::exchange {

/// `before`: the participant's current facts, by id; those of the packet are told by the source of its document. `after`: all
/// facts the changed packet makes. The result, in the form of ledger::Batch::facts: new statements; corrections, which supersede
/// the one old statement of the same kind and code they stand for; retractions of what the packet no longer says. Statements that
/// stay are not in it. Empty when nothing changed.
/// An interpretation and its variants are one statement: all change together.
[[nodiscard]] std::vector<Fact> changes(const std::vector<Fact>& before, const std::vector<Fact>& after);

/// Whether the vault may have something of the participant that a packet has a place for.
[[nodiscard]] bool has_identity(const std::vector<Fact>& facts);

/// The facts in the order their packet has them, for writing; they are told by the document's order, which an update leaves when
/// the order of their ids is not it. Facts from elsewhere come last.
[[nodiscard]] std::vector<Fact> in_packet_order(std::vector<Fact> facts);

}  // namespace skerry::exchange

#include <optional>
#include <utility>

#include "fact/encoding.hpp"
#include "ledger/fact_columns.hpp"
#include "ledger/fact_rows.hpp"

namespace skerry::ledger {
namespace {

Error corrupt(std::int64_t id, std::string_view what) {
  return {ErrorCode::storage_failed, "row " + std::to_string(id) + " of table fact: " + std::string(what),
          Place{"ledger.sqlite", 0, 0, "/fact/" + std::to_string(id)}};
}

template <class Enum>
bool read_enum(const Statement& row, int column, Enum first, Enum last, Enum& out) {
  const auto number = row.number(column);
  if (number < static_cast<std::int64_t>(first) || number > static_cast<std::int64_t>(last)) return false;
  out = static_cast<Enum>(number);
  return true;
}

}  // namespace

Result<FactReader> FactReader::prepare(Connection& connection, const TermTable* terms) {
  FactReader out;
  out.terms_ = terms;
  const std::pair<Statement*, std::string_view> statements[] = {
      {&out.term_, "SELECT curie, label FROM term WHERE id = ?"},
      {&out.content_, "SELECT body FROM content WHERE id = ?"},
      {&out.write_, "SELECT at_seconds, at_nanoseconds FROM audit WHERE sequence = ?"}};
  for (const auto& [statement, sql] : statements) {
    auto prepared = Statement::prepare(connection, sql);
    if (!prepared) return fail(prepared.error());
    *statement = std::move(*prepared);
  }
  return out;
}

Result<void> FactReader::term(std::int64_t id, Code& out) {
  if (id == 0) {
    out.id.clear();
    out.label.clear();
    return {};
  }
  if (const auto* code = terms_ == nullptr ? nullptr : terms_->find(id)) {
    out = *code;
    return {};
  }
  term_.bind(1, id);
  const auto row = term_.step();
  if (!row) return fail(row.error());
  if (!*row) {
    term_.reset();
    return fail(ErrorCode::storage_failed, "row " + std::to_string(id) + " of table term is missing");
  }
  out.id = term_.bytes(0);
  out.label = term_.bytes(1);
  term_.reset();
  return {};
}

Result<void> FactReader::content(std::int64_t id) {
  if (id == last_content_) return {};
  last_content_ = 0;
  content_.bind(1, id);
  const auto row = content_.step();
  if (!row) return fail(row.error());
  if (*row) last_body_ = content_.bytes(0);
  content_.reset();
  if (!*row) return fail(ErrorCode::storage_failed, "row " + std::to_string(id) + " of table content is missing");
  last_content_ = id;
  return {};
}

Result<void> FactReader::recorded_at(std::int64_t sequence, Instant& out) {
  if (sequence != last_sequence_) {
    write_.bind(1, sequence);
    const auto row = write_.step();
    if (!row) return fail(row.error());
    if (*row) last_at_ = {write_.number(0), static_cast<std::int32_t>(write_.number(1))};
    write_.reset();
    if (!*row) return fail(ErrorCode::storage_failed, "the audit of write " + std::to_string(sequence) + " is missing");
    last_sequence_ = sequence;
  }
  out = last_at_;
  return {};
}

Result<void> FactReader::read_value(const Statement& row, Value& out) {
  const auto kind = row.number(c_value_kind);
  const auto exact = [&](const Value& value) { return static_cast<std::int64_t>(value.index()) == kind; };
  switch (kind) {
    case 0: out = std::monostate{}; return {};
    case 1: {
      Code code;
      auto found = term(row.number(c_value_code), code);
      out = std::move(code);
      return found;
    }
    case 2:
      if (row.null(c_value_body)) {
        Quantity quantity;
        quantity.number = row.real(c_value_number);
        auto found = term(row.number(c_value_code), quantity.unit);
        out = std::move(quantity);
        return found;
      }
      break;
    case 3: out = row.number(c_value_number); return {};
    case 4: out = row.number(c_value_number) != 0; return {};
    case 5: out = Text{std::string(row.bytes(c_value_body))}; return {};
    case 8:
      if (row.null(c_value_content)) {
        out = Record{std::string(row.bytes(c_value_body))};
        return {};
      }
      if (auto found = content(row.number(c_value_content)); !found) return found;
      out = Record{last_body_};
      return {};
    default: break;
  }
  auto value = decode_value(row.bytes(c_value_body));
  if (!value || !exact(*value)) return fail(corrupt(row.number(c_id), "value_body is not a value of its kind"));
  out = std::move(*value);
  return {};
}

Result<void> FactReader::read(const Statement& row, Fact& out) {
  out.id.number = row.number(c_id);
  out.participant.number = row.number(c_participant);
  out.part_of.number = row.number(c_part_of);
  out.supersedes.number = row.number(c_supersedes);
  if (!read_enum(row, c_kind, Kind::person, Kind::interpretation, out.kind) ||
      !read_enum(row, c_status, Status::present, Status::retracted, out.status) ||
      !read_enum(row, c_source_kind, SourceKind::participant, SourceKind::publication, out.source.kind) ||
      !read_enum(row, c_side, Side::unknown, Side::midline, out.where.side)) {
    return fail(corrupt(out.id.number, "an enumeration is unknown"));
  }
  if (auto done = recorded_at(row.number(c_sequence), out.recorded_at); !done) return done;
  if (auto done = term(row.number(c_concept), out.code); !done) return done;
  if (auto done = term(row.number(c_source), source_); !done) return done;
  out.source.reference = source_.id;
  if (auto done = term(row.number(c_site), out.where.site); !done) return done;
  if (auto done = read_value(row, out.value); !done) return done;
  if (row.null(c_when_exact)) {
    out.when = {};
  } else {
    auto when = decode_when(row.bytes(c_when_exact));
    if (!when) return fail(corrupt(out.id.number, "when_exact is no time"));
    out.when = std::move(*when);
  }
  out.qualifiers.clear();
  if (!row.null(c_qualifiers)) {
    auto qualifiers = decode_qualifiers(row.bytes(c_qualifiers));
    if (!qualifiers) return fail(corrupt(out.id.number, "qualifiers are no list of qualifiers"));
    out.qualifiers = std::move(*qualifiers);
  }
  return {};
}

Result<bool> FactReader::derived_agree(const Statement& row, const Fact& fact) {
  const auto same_day = [&](int column, std::optional<std::int32_t> day) {
    return day ? !row.null(column) && row.number(column) == *day : row.null(column);
  };
  const auto bounds = bounds_of(fact.when);
  if (row.number(c_when_kind) != static_cast<std::int64_t>(fact.when.kind)) return false;
  if (fact.when != When{} && (!same_day(c_first_day, bounds.first) || !same_day(c_last_day, bounds.last))) return false;
  const auto& value = fact.value;
  const auto* quantity = std::get_if<Quantity>(&value);
  const auto* coded = quantity != nullptr ? &quantity->unit : std::get_if<Code>(&value);
  Code stored;
  if (auto found = term(row.number(c_value_code), stored); !found) return fail(found.error());
  if (stored != (coded == nullptr ? Code{} : *coded)) return false;
  if (quantity != nullptr) return row.real(c_value_number) == quantity->number;
  const bool has_number = std::holds_alternative<std::int64_t>(value) || std::holds_alternative<bool>(value);
  return has_number != row.null(c_value_number);
}

}  // namespace skerry::ledger

#include "ledger/term_table.hpp"

#include <functional>
#include <string>
#include <utility>

namespace skerry::ledger {

namespace {

constexpr std::size_t places_min = 64;

std::uint64_t hash_of(const Code& code) {
  const auto id = std::hash<std::string_view>{}(code.id);
  return (id ^ (std::hash<std::string_view>{}(code.label) * 0x9e3779b97f4a7c15U));
}

}  // namespace

TermTable::TermTable() : chunks_(chunks_max), ids_(places_min) {}

Code& TermTable::slot(std::int64_t id) {
  const auto at = static_cast<std::size_t>(id);
  auto& chunk = chunks_[at / chunk_size];
  if (!chunk) chunk = std::make_unique<Chunk>();
  return (*chunk)[at % chunk_size];
}

const Code* TermTable::find(std::int64_t id) const noexcept {
  const auto at = static_cast<std::size_t>(id);
  if (id <= 0 || at / chunk_size >= chunks_max || !chunks_[at / chunk_size]) return nullptr;
  const auto& code = (*chunks_[at / chunk_size])[at % chunk_size];
  return code.empty() ? nullptr : &code;
}

std::int64_t TermTable::id_of(std::uint64_t hash, const Code& code) const {
  const auto mask = ids_.size() - 1;
  for (auto at = hash & mask; ids_[at].id != 0; at = (at + 1) & mask) {
    if (ids_[at].hash == hash && *find(ids_[at].id) == code) return ids_[at].id;
  }
  return 0;
}

void TermTable::place(std::uint64_t hash, std::int64_t id) {
  const auto mask = ids_.size() - 1;
  auto at = hash & mask;
  while (ids_[at].id != 0) at = (at + 1) & mask;
  ids_[at] = {hash, id};
}

void TermTable::rebuild(std::size_t places) {
  const auto before = std::exchange(ids_, std::vector<Entry>(places));
  kept_ = 0;
  for (const auto& entry : before) {
    if (find(entry.id) == nullptr) continue;
    place(entry.hash, entry.id);
    ++kept_;
  }
}

void TermTable::keep(std::int64_t id, std::uint64_t hash, const Code& code) {
  slot(id) = code;
  if (2 * (kept_ + 1) > ids_.size()) rebuild(2 * ids_.size());
  place(hash, id);
  ++kept_;
}

Result<void> TermTable::load(Connection& connection) {
  auto rows = Statement::prepare(connection, "SELECT id, curie, label FROM term ORDER BY id");
  if (!rows) return fail(rows.error());
  while (true) {
    const auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return {};
    const auto id = rows->number(0);
    if (id != count_ + 1 || static_cast<std::size_t>(id) / chunk_size >= chunks_max) {
      return fail(ErrorCode::storage_failed, "the ids of table term have a gap at row " + std::to_string(id));
    }
    count_ = id;
    const Code code{std::string(rows->bytes(1)), std::string(rows->bytes(2))};
    if (!code.empty() && code.id.size() + code.label.size() <= kept_bytes_max) keep(id, hash_of(code), code);
  }
}

Result<std::int64_t> TermTable::intern(const Code& code, Statement& insert) {
  const bool kept = code.id.size() + code.label.size() <= kept_bytes_max;
  const auto hash = hash_of(code);
  if (kept) {
    if (const auto id = id_of(hash, code); id != 0) return id;
  }
  const auto id = count_ + 1;
  if (static_cast<std::size_t>(id) / chunk_size >= chunks_max) return fail(ErrorCode::storage_failed, "there are too many different codes");
  insert.bind(1, id);
  insert.bind_text(2, code.id);
  insert.bind_text(3, code.label);
  if (auto done = insert.run(); !done) return fail(done.error());
  count_ = id;
  if (kept) keep(id, hash, code);
  return id;
}

void TermTable::forget_after(std::int64_t count) {
  if (count == count_) return;
  for (; count_ > count; --count_) {
    if (find(count_) != nullptr) slot(count_) = {};
  }
  rebuild(ids_.size());  // leaves out those that are gone
}

}  // namespace skerry::ledger

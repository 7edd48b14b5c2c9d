#include "ledger/term_table.hpp"

#include <string>

namespace skerry::ledger {

std::size_t TermTable::Hash::operator()(const Code& code) const noexcept {
  const auto first = std::hash<std::string_view>{}(code.id);
  return first ^ (std::hash<std::string_view>{}(code.label) * 0x9e3779b97f4a7c15U);
}

TermTable::TermTable() : chunks_(chunks_max), ids_(64, Hash{this}, Equal{this}) {}

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

void TermTable::keep(std::int64_t id, const Code& code) {
  slot(id) = code;
  ids_.insert(id);
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
    if (!code.empty() && code.id.size() + code.label.size() <= kept_bytes_max) keep(id, code);
  }
}

Result<std::int64_t> TermTable::intern(const Code& code, Statement& insert) {
  const bool kept = code.id.size() + code.label.size() <= kept_bytes_max;
  if (kept) {
    if (const auto found = ids_.find(code); found != ids_.end()) return *found;
  }
  const auto id = count_ + 1;
  if (static_cast<std::size_t>(id) / chunk_size >= chunks_max) return fail(ErrorCode::storage_failed, "there are too many different codes");
  insert.bind(1, id);
  insert.bind_text(2, code.id);
  insert.bind_text(3, code.label);
  if (auto done = insert.run(); !done) return fail(done.error());
  count_ = id;
  if (kept) keep(id, code);
  return id;
}

void TermTable::forget_after(std::int64_t count) {
  for (; count_ > count; --count_) {
    if (find(count_) == nullptr) continue;
    ids_.erase(count_);
    slot(count_) = {};
  }
}

}  // namespace skerry::ledger

#include "base/date.hpp"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace skerry {
namespace {

namespace chrono = std::chrono;

bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

/// Digits only, at most nine of them, so it cannot overflow.
std::int32_t number_of(std::string_view digits) {
  std::int32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::int32_t days_from_civil(int year, unsigned month, unsigned day) {
  const chrono::year_month_day date{chrono::year{year}, chrono::month{month}, chrono::day{day}};
  return static_cast<std::int32_t>(chrono::sys_days{date}.time_since_epoch().count());
}

unsigned days_in_month(int year, unsigned month) {
  const chrono::year_month_day_last last{chrono::year{year}, chrono::month_day_last{chrono::month{month}}};
  return static_cast<unsigned>(last.day());
}

constexpr std::int64_t seconds_a_day = 86'400;

struct Clock {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
};

/// "T12:34:56.789+01:00" after the day; the offset is already taken away from the seconds.
Result<Clock> parse_clock(std::string_view text) {
  const auto wrong = [] { return fail(ErrorCode::malformed, "expected an RFC 3339 instant such as 2019-06-30T12:00:00Z"); };
  if (text.size() < 10 || (text[0] != 'T' && text[0] != 't') || text[3] != ':' || text[6] != ':') return wrong();
  if (!all_digits(text.substr(1, 2)) || !all_digits(text.substr(4, 2)) || !all_digits(text.substr(7, 2))) return wrong();
  const auto hour = number_of(text.substr(1, 2));
  const auto minute = number_of(text.substr(4, 2));
  const auto second = number_of(text.substr(7, 2));
  if (hour > 23 || minute > 59 || second > 59) return fail(ErrorCode::out_of_range, "the time of day is out of range");
  Clock out{hour * 3600 + minute * 60 + second, 0};
  text.remove_prefix(9);
  if (text[0] == '.') {
    std::size_t digits = 1;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') ++digits;
    if (digits == 1 || digits > 10) return wrong();
    std::string nine(text.substr(1, digits - 1));
    nine.resize(9, '0');
    out.nanoseconds = number_of(nine);
    text.remove_prefix(digits);
  }
  if (text == "Z" || text == "z") return out;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return wrong();
  if (!all_digits(text.substr(1, 2)) || !all_digits(text.substr(4, 2))) return wrong();
  const auto offset_hours = number_of(text.substr(1, 2));
  const auto offset_minutes = number_of(text.substr(4, 2));
  if (offset_hours > 23 || offset_minutes > 59) return fail(ErrorCode::out_of_range, "the offset is out of range");
  const std::int64_t offset = offset_hours * 3600 + offset_minutes * 60;
  out.seconds -= text[0] == '+' ? offset : -offset;
  return out;
}

constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

}  // namespace

Instant Instant::now() {
  const auto since = chrono::system_clock::now().time_since_epoch();
  const auto whole = chrono::floor<chrono::seconds>(since);
  return {whole.count(), static_cast<std::int32_t>(chrono::duration_cast<chrono::nanoseconds>(since - whole).count())};
}

Result<Instant> parse_instant(std::string_view text) {
  if (text.size() < 20) return fail(ErrorCode::malformed, "expected an RFC 3339 instant such as 2019-06-30T12:00:00Z");
  const auto date = parse_partial_date(text.substr(0, 10));
  if (!date) return fail(date.error());
  const auto clock = parse_clock(text.substr(10));
  if (!clock) return fail(clock.error());
  const Instant out{days_of(*date).first * seconds_a_day + clock->seconds, clock->nanoseconds};
  if (out.seconds < first_second || out.seconds > last_second) return fail(ErrorCode::out_of_range, "the year must be 1 to 9999");
  return out;
}

std::string to_text(Instant instant) {
  const auto day = day_of(instant);
  const auto rest = instant.seconds - day * seconds_a_day;
  auto out = fmt::format("{}T{:02}:{:02}:{:02}", to_text(date_of_day(day)), rest / 3600, rest / 60 % 60, rest % 60);
  const auto nanos = instant.nanoseconds;
  if (nanos != 0) {
    if (nanos % 1'000'000 == 0) {
      out += fmt::format(".{:03}", nanos / 1'000'000);
    } else if (nanos % 1'000 == 0) {
      out += fmt::format(".{:06}", nanos / 1'000);
    } else {
      out += fmt::format(".{:09}", nanos);
    }
  }
  return out + "Z";
}

bool PartialDate::valid() const noexcept {
  if (year < 1 || year > 9999 || month > 12) return false;
  if (month == 0) return day == 0;
  return day == 0 || day <= days_in_month(year, month);
}

Result<PartialDate> parse_partial_date(std::string_view text) {
  const auto wrong = [] { return fail(ErrorCode::malformed, "expected a date such as 2019, 2019-06 or 2019-06-30"); };
  PartialDate out;
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return wrong();
  if (!all_digits(text.substr(0, 4))) return wrong();
  out.year = static_cast<std::int16_t>(number_of(text.substr(0, 4)));
  if (text.size() >= 7) {
    if (text[4] != '-' || !all_digits(text.substr(5, 2))) return wrong();
    out.month = static_cast<std::uint8_t>(number_of(text.substr(5, 2)));
    if (out.month == 0) return fail(ErrorCode::out_of_range, "the month must be 01 to 12");
  }
  if (text.size() == 10) {
    if (text[7] != '-' || !all_digits(text.substr(8, 2))) return wrong();
    out.day = static_cast<std::uint8_t>(number_of(text.substr(8, 2)));
    if (out.day == 0) return fail(ErrorCode::out_of_range, "the day must be 01 to 31");
  }
  if (!out.valid()) return fail(ErrorCode::out_of_range, "there is no such day in the calendar");
  return out;
}

std::string to_text(PartialDate date) {
  if (date.month == 0) return fmt::format("{:04}", date.year);
  if (date.day == 0) return fmt::format("{:04}-{:02}", date.year, date.month);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

DayRange days_of(PartialDate date) {
  if (date.month == 0) return {days_from_civil(date.year, 1, 1), days_from_civil(date.year, 12, 31)};
  if (date.day == 0) {
    return {days_from_civil(date.year, date.month, 1), days_from_civil(date.year, date.month, days_in_month(date.year, date.month))};
  }
  const auto day = days_from_civil(date.year, date.month, date.day);
  return {day, day};
}

std::int32_t day_of(Instant instant) {
  const auto days = chrono::floor<chrono::days>(chrono::seconds{instant.seconds});
  return static_cast<std::int32_t>(days.count());
}

PartialDate date_of_day(std::int32_t day) {
  const chrono::year_month_day date{chrono::sys_days{chrono::days{day}}};
  return {static_cast<std::int16_t>(static_cast<int>(date.year())), static_cast<std::uint8_t>(static_cast<unsigned>(date.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(date.day()))};
}

double Age::length_days() const noexcept {
  constexpr double day_lengths[] = {365.25, 30.4375, 7.0, 1.0, 1.0 / 24, 1.0 / 1440, 1.0 / 86'400};
  const std::optional<std::int32_t>* parts[] = {&years, &months, &weeks, &days, &hours, &minutes, &seconds};
  double total = 0;
  double last_length = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    if (!parts[i]->has_value()) continue;
    total += **parts[i] * day_lengths[i];
    last_length = day_lengths[i];
  }
  if (!fraction.empty()) total += std::strtod(("0" + fraction).c_str(), nullptr) * last_length;
  return total;
}

Result<Age> parse_age(std::string_view text) {
  const auto wrong = [] { return fail(ErrorCode::malformed, "expected an ISO 8601 duration such as P16Y or P3Y6M"); };
  if (text.size() < 3 || text.size() > 64 || text[0] != 'P') return wrong();
  Age out;
  std::optional<std::int32_t>* const date_slots[] = {&out.years, &out.months, &out.weeks, &out.days};
  std::optional<std::int32_t>* const time_slots[] = {&out.hours, &out.minutes, &out.seconds};
  constexpr std::string_view date_units = "YMWD";
  constexpr std::string_view time_units = "HMS";
  std::size_t next = 0;
  bool in_time = false;
  std::size_t at = 1;
  while (at < text.size()) {
    if (!out.fraction.empty()) return wrong();  // only the last component may have one
    if (text[at] == 'T') {
      if (in_time || at + 1 == text.size()) return wrong();
      in_time = true;
      next = 0;
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
    if (end == at || end - at > 9) return wrong();
    const auto whole = number_of(text.substr(at, end - at));
    at = end;
    if (at < text.size() && text[at] == '.') {
      end = at + 1;
      while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
      if (end == at + 1) return wrong();
      out.fraction = std::string(text.substr(at, end - at));
      at = end;
    }
    if (at == text.size()) return wrong();
    const auto units = in_time ? time_units : date_units;
    const auto unit = units.find(text[at], next);
    if (unit == std::string_view::npos) return wrong();
    *(in_time ? time_slots[unit] : date_slots[unit]) = whole;
    next = unit + 1;
    ++at;
  }
  return out;
}

std::string to_text(const Age& age) {
  const std::optional<std::int32_t>* parts[] = {&age.years, &age.months, &age.weeks, &age.days, &age.hours, &age.minutes, &age.seconds};
  constexpr char units[] = {'Y', 'M', 'W', 'D', 'H', 'M', 'S'};
  std::size_t last = 0;
  for (std::size_t i = 0; i < 7; ++i) {
    if (parts[i]->has_value()) last = i;
  }
  std::string out = "P";
  for (std::size_t i = 0; i < 7; ++i) {
    if (!parts[i]->has_value()) continue;
    if (i >= 4 && out.find('T') == std::string::npos) out += 'T';
    out += std::to_string(**parts[i]);
    if (i == last) out += age.fraction;
    out += units[i];
  }
  return out;
}

}  // namespace skerry

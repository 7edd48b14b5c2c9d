#include "exchange/phenopacket_schema.hpp"

#include <algorithm>
#include <array>

namespace skerry::exchange::pp {
namespace {

/// timeAtLastEncounter of time_at_last_encounter, as protobuf's compiler makes it: "_id" gives "Id".
std::string camel_of(std::string_view snake) {
  std::string out;
  bool upper = false;
  for (const char c : snake) {
    if (c == '_') {
      upper = true;
    } else {
      out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      upper = false;
    }
  }
  return out;
}

/// The lists of the schema become one qualifier an element, so their roles are in the singular.
std::string role_of(std::string_view snake) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> singular{{{"modifiers", "modifier"},
                                                                                   {"adverse_events", "adverse_event"},
                                                                                   {"dose_intervals", "dose_interval"},
                                                                                   {"alternate_ids", "alternate_id"}}};
  for (const auto& [many, one] : singular) {
    if (many == snake) snake = one;
  }
  std::string out = "skerry:" + std::string(snake);
  std::replace(out.begin(), out.end(), '_', '-');
  return out;
}

std::string prefix_of(std::string_view enum_name) {
  std::string out = "skerry:";
  for (const char c : enum_name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && out.back() != ':') out += '-';
    out += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out + "/";
}

std::vector<EnumType> make_enums() {
  std::vector<EnumType> out{
      {"Sex", "", {{"UNKNOWN_SEX", 0}, {"FEMALE", 1}, {"MALE", 2}, {"OTHER_SEX", 3}}},
      {"KaryotypicSex",
       "",
       {{"UNKNOWN_KARYOTYPE", 0},
        {"XX", 1},
        {"XY", 2},
        {"XO", 3},
        {"XXY", 4},
        {"XXX", 5},
        {"XXYY", 6},
        {"XXXY", 7},
        {"XXXX", 8},
        {"XYY", 9},
        {"OTHER_KARYOTYPE", 10}}},
      {"VitalStatusCode", "skerry:vital-status/", {{"UNKNOWN_STATUS", 0}, {"ALIVE", 1}, {"DECEASED", 2}}},
      {"ProgressStatus", "", {{"UNKNOWN_PROGRESS", 0}, {"IN_PROGRESS", 1}, {"COMPLETED", 2}, {"SOLVED", 3}, {"UNSOLVED", 4}}},
      {"InterpretationStatus", "", {{"UNKNOWN_STATUS", 0}, {"REJECTED", 1}, {"CANDIDATE", 2}, {"CONTRIBUTORY", 3}, {"CAUSATIVE", 4}}},
      {"AcmgPathogenicityClassification",
       "",
       {{"NOT_PROVIDED", 0},
        {"BENIGN", 1},
        {"LIKELY_BENIGN", 2},
        {"UNCERTAIN_SIGNIFICANCE", 3},
        {"LIKELY_PATHOGENIC", 4},
        {"PATHOGENIC", 5}}},
      {"TherapeuticActionability", "", {{"UNKNOWN_ACTIONABILITY", 0}, {"NOT_ACTIONABLE", 1}, {"ACTIONABLE", 2}}},
      {"DrugType",
       "",
       {{"UNKNOWN_DRUG_TYPE", 0}, {"PRESCRIPTION", 1}, {"EHR_MEDICATION_LIST", 2}, {"ADMINISTRATION_RELATED_TO_PROCEDURE", 3}}},
      {"RegimenStatus", "", {{"UNKNOWN_STATUS", 0}, {"STARTED", 1}, {"COMPLETED", 2}, {"DISCONTINUED", 3}}},
      {"MoleculeContext", "", {{"unspecified_molecule_context", 0}, {"genomic", 1}, {"transcript", 2}, {"protein", 3}}},
  };
  for (auto& enumeration : out) {
    if (enumeration.prefix.empty()) enumeration.prefix = prefix_of(enumeration.name);
  }
  return out;
}

const EnumType* enum_named(std::string_view name) {
  static const std::vector<EnumType> enums = make_enums();
  const auto found = std::find_if(enums.begin(), enums.end(), [&](const EnumType& e) { return e.name == name; });
  return found == enums.end() ? nullptr : &*found;
}

class Builder {
 public:
  explicit Builder(std::vector<MessageType>& types) : types_(types) {}
  void message(std::string_view name) {
    current_ = &types_[next_++];
    current_->name = name;
  }
  Field& field(std::string_view snake, FieldKind kind) {
    Field& out = current_->fields.emplace_back();
    out.name = camel_of(snake);
    out.snake = snake;
    out.role = role_of(snake);
    out.kind = kind;
    return out;
  }
  Field& part(std::string_view snake, Type type) {
    Field& out = field(snake, FieldKind::message);
    out.message = &types_[static_cast<std::size_t>(type)];
    return out;
  }

 private:
  std::vector<MessageType>& types_;
  std::size_t next_ = 0;
  MessageType* current_ = nullptr;
};

void fill(Builder& b) {
#define MESSAGE(name) b.message(#name);
#define PLAIN(kind, name) b.field(#name, FieldKind::kind);
#define TEXTS(name) b.field(#name, FieldKind::text).repeated = true;
#define TEXT_MAP(name) b.field(#name, FieldKind::text_map);
#define CODED(enum_name, name) b.field(#name, FieldKind::enumeration).enumeration = enum_named(#enum_name);
#define PART(message, name) b.part(#name, Type::message);
#define PARTS(message, name) b.part(#name, Type::message).repeated = true;
#define CHOICE(number, message, name) b.part(#name, Type::message).group = number;
#define CHOICE_TEXT(number, name) b.field(#name, FieldKind::text).group = number;
#define CHOICE_INSTANT(number, name) b.field(#name, FieldKind::instant).group = number;
#define END()
#include "exchange/phenopacket_schema.def"
}

std::vector<MessageType> make_types() {
  std::vector<MessageType> types(static_cast<std::size_t>(Type::count));
  Builder builder(types);
  fill(builder);
  return types;
}

}  // namespace

std::string_view EnumType::name_of(std::int32_t number) const noexcept {
  for (const auto& [value_name, value] : values) {
    if (value == number) return value_name;
  }
  return {};
}

const std::int32_t* EnumType::find(std::string_view value_name) const noexcept {
  for (const auto& [known, value] : values) {
    if (known == value_name) return &value;
  }
  return nullptr;
}

const Field* MessageType::find(std::string_view key, std::size_t hint) const noexcept {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field& field = fields[(hint + i) % fields.size()];
    if (field.name == key) return &field;
  }
  for (const Field& field : fields) {
    if (field.snake == key) return &field;
  }
  return nullptr;
}

const Field* MessageType::of_role(std::string_view role) const noexcept {
  for (const Field& field : fields) {
    if (field.role == role) return &field;
  }
  return nullptr;
}

const MessageType& type(Type type) {
  // Moved out of make_types as a whole, so the pointers into it hold.
  static const std::vector<MessageType> types = make_types();
  return types[static_cast<std::size_t>(type)];
}

}  // namespace skerry::exchange::pp

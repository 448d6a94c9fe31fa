// A party: a force, mission or organisation, and the role that it has under an agreement.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/names.h"

namespace wideberth::model {

/// party: bound by the rules. mediator: a neutral that relays and reads all. observer: named by the agreement to read all.
enum class Role : unsigned char { party, mediator, observer };
std::string_view name_of(Role role) noexcept;
std::optional<Role> role_named(std::string_view name) noexcept;

struct Party {
  std::string party;  ///< short name, the front of its keys' names: "blue"
  Role role = Role::party;
  std::string name;  ///< for people: "Blue Coalition"
  friend bool operator==(const Party&, const Party&) = default;
};

inline constexpr std::size_t kMostParties = 32;

}  // namespace wideberth::model

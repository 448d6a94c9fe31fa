// GeoJSON as a party files it: who and under which agreement are filled in.
#pragma once

#include <string>
#include <vector>

#include "base/refusal.h"
#include "model/notification.h"

namespace wideberth::cli {

/// The Features of a file, each with the party and the agreement filled in where it names none. A Feature that names another
/// party or agreement is refused (notification_party, agreement_unknown): nobody files another's movement by accident.
base::Result<std::vector<model::Notification>> read_features(const std::string& file, const std::string& party,
                                                             const std::string& agreement);

/// The Features of a file as they stand, those without a party under `party`, where one is given: what can be filed can be
/// watched. Refused as read_file and model::parse_features refuse; `where` begins with the file.
base::Result<std::vector<model::Notification>> read_movements(const std::string& file, const std::string& party);

}  // namespace wideberth::cli

// Lists of the state, which a server gives in pages.
#pragma once

#include <string>

#include "client/desk.h"

namespace wideberth::client {

/// The document of a list route with the items of all its pages; other members are those of the first page. What stood all the
/// while is in it once; what came or went meanwhile may be or not. Refused as Desk::get refuses.
Result<json::Value> get_all(Desk& desk, const std::string& path, const http::Fields& query = {});

}  // namespace wideberth::client

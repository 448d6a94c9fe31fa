// The table of routes as an OpenAPI 3.1 document.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "http/router.h"

namespace wideberth::api {

/// What a route answers and takes beyond what stands in its row.
struct OperationText {
  std::string_view operation;
  std::string_view answer;         ///< in words
  std::string_view media_type;     ///< of the answer
  std::string_view schema;         ///< of the answer, by name; empty where it is no JSON
  std::string_view body_type{};    ///< media type of the body that it takes; empty: none
  std::string_view body_schema{};  ///< by name; empty where it is lines
};
std::span<const OperationText> operation_texts() noexcept;

/// The schemas by name, as one JSON object ("components"/"schemas").
std::string_view schemas_json() noexcept;

/// The document for these routes. REQUIRES: each has an OperationText.
std::string openapi_document(const std::vector<http::Route>& routes);

/// Adds GET /openapi.json, which tells of all the rows, itself included.
void add_openapi(http::Router& router);

}  // namespace wideberth::api

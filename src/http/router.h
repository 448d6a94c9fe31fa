// The table of routes.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/refusal.h"
#include "http/message.h"

namespace wideberth::http {

/// One row. Everything that is said of a route stands here, so that /openapi.json can be checked against the table.
struct Route {
  std::string method;     ///< GET, POST …; a GET row answers HEAD too
  std::string path;       ///< "/v1/entries/{index}"; a last segment "{rest...}" takes one or more segments
  std::string operation;  ///< the operation's id, unique: "read_entry"
  std::string summary;    ///< one sentence
  bool session = false;   ///< refused without one, before the handler is called
  std::size_t most_body = 0;
  std::vector<std::string> query{};  ///< the names that a query may hold; others are refused
  Handler handler{};
};

/// Finds the row for a request and answers what needs no handler.
///
/// Laws.
///  (1) A literal segment wins over {name}, and {name} over {rest...}, from the left; the order of the rows is of no account.
///  (2) A path in the table with another method is 405 with Allow; a path that is not in it is 404.
///  (3) The reply is called for every request; a handler that throws is answered with server_failed.
class Router {
 public:
  /// Who asks: the caller's name for Request::caller, or a refusal (unauthenticated).
  using Gate = std::function<Result<std::string>(const Request&)>;

  Router() = default;
  explicit Router(Gate gate) : gate_(std::move(gate)) {}

  /// REQUIRES: no other row has this method with a path that matches the same; operations are unique; a gate where
  /// `route.session`.
  Router& add(Route route);

  const std::vector<Route>& routes() const { return routes_; }

  /// The body limit for a request with this head; kMostStrayBody where no row matches.
  std::size_t most_body(std::string_view method, std::string_view path) const;
  /// What somebody may send to a path that is not there before the connection is closed on them.
  static constexpr std::size_t kMostStrayBody = 64 * 1024;

  /// What ends the threads behind the handlers; called by close().
  Router& at_close(std::function<void()> closer);
  /// Called by who serves the router, once nothing is asked any more: afterwards no handler's thread runs, whoever still
  /// holds a copy of the router or a reply.
  void close() const;

  /// Told of every answer, with the operation it is of (empty where no row took the request), before it leaves. Called on the
  /// thread that answers.
  Router& at_answer(std::function<void(std::string_view operation, const Response&)> told);

  /// Answers, on this thread or, where the handler defers, on another.
  void answer(Request request, Reply reply) const;

 private:
  struct Row {
    std::vector<std::string> segments;
    std::size_t route;
  };
  /// The rows of the best matching path, one to a method.
  std::vector<const Route*> find(std::string_view path) const;
  const Route* choose(const std::vector<const Route*>& found, std::string_view method) const;

  Gate gate_{};
  std::vector<std::function<void()>> closers_{};
  std::function<void(std::string_view, const Response&)> told_{};
  std::vector<Route> routes_{};
  std::vector<Row> rows_{};  ///< most particular first
};

}  // namespace wideberth::http

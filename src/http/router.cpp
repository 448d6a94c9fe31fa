#include "http/router.h"

#include <algorithm>
#include <exception>

#include "base/bytes.h"
#include "base/check.h"
#include "http/problem.h"
#include "http/target.h"

namespace wideberth::http {

using base::excerpt;
using base::Refusal;
using base::Rule;

namespace {

bool is_parameter(std::string_view segment) { return segment.size() > 2 && segment.front() == '{' && segment.back() == '}'; }
bool is_rest(std::string_view segment) { return is_parameter(segment) && segment.ends_with("...}"); }
int generality(std::string_view segment) { return is_rest(segment) ? 2 : is_parameter(segment) ? 1 : 0; }

/// Whether a stands before b: the first segment that differs in sort decides; then any fixed order.
bool more_particular(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (generality(a[i]) != generality(b[i])) return generality(a[i]) < generality(b[i]);
  return a.size() > b.size();
}

/// Whether the two take exactly the same paths: the names of their parameters are of no account.
bool same_paths(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const std::string& x, const std::string& y) {
    return generality(x) == generality(y) && (generality(x) > 0 || x == y);
  });
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string_view>& path) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i >= path.size()) return false;
    if (is_rest(pattern[i])) return true;
    if (!is_parameter(pattern[i]) && pattern[i] != path[i]) return false;
  }
  return pattern.size() == path.size();
}

Fields parameters_of(std::string_view pattern, std::string_view path) {
  Fields parameters;
  const auto names = segments_of(pattern), values = segments_of(path);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (is_rest(names[i])) {
      const auto from = static_cast<std::size_t>(values[i].data() - path.data());
      parameters.emplace_back(names[i].substr(1, names[i].size() - 5), path.substr(from));
    } else if (is_parameter(names[i])) {
      parameters.emplace_back(names[i].substr(1, names[i].size() - 2), values[i]);
    }
  }
  return parameters;
}

Refusal unknown_query(const Route& route, std::string_view name) {
  std::string known;
  for (const auto& each : route.query) known += (known.empty() ? "" : ", ") + each;
  return Refusal{Rule::http_query_malformed, "found \"" + excerpt(name) + "\"", known.empty() ? "no query" : "any of: " + known,
                 "query"};
}

}  // namespace

Router& Router::at_close(std::function<void()> closer) {
  closers_.push_back(std::move(closer));
  return *this;
}

Router& Router::at_answer(std::function<void(std::string_view, const Response&)> told) {
  told_ = std::move(told);
  return *this;
}

void Router::close() const {
  for (const auto& closer : closers_) closer();
}

Router& Router::add(Route route) {
  WB_CHECK(!route.path.empty() && route.path.front() == '/' && route.handler);
  WB_CHECK(!route.session || gate_);
  Row row{{}, routes_.size()};
  for (const auto segment : segments_of(route.path)) row.segments.emplace_back(segment);
  for (std::size_t i = 0; i + 1 < row.segments.size(); ++i) WB_CHECK(!is_rest(row.segments[i]));
  for (const Row& other : rows_)
    WB_CHECK(!(same_paths(other.segments, row.segments) && routes_[other.route].method == route.method));
  for (const Route& other : routes_) WB_CHECK(other.operation != route.operation);
  const auto at = std::upper_bound(rows_.begin(), rows_.end(), row,
                                   [](const Row& a, const Row& b) { return more_particular(a.segments, b.segments); });
  rows_.insert(at, std::move(row));
  routes_.push_back(std::move(route));
  return *this;
}

std::vector<const Route*> Router::find(std::string_view path) const {
  const auto segments = segments_of(path);
  std::vector<const Route*> found;
  const Row* first = nullptr;
  for (const Row& row : rows_) {
    if (first ? !same_paths(first->segments, row.segments) : !matches(row.segments, segments)) continue;
    if (!first) first = &row;
    found.push_back(&routes_[row.route]);
  }
  return found;
}

const Route* Router::choose(const std::vector<const Route*>& found, std::string_view method) const {
  for (const Route* route : found)
    if (route->method == method) return route;
  if (method == "HEAD") return choose(found, "GET");
  return nullptr;
}

std::size_t Router::most_body(std::string_view method, std::string_view path) const {
  const Route* route = choose(find(path), method);
  return route ? route->most_body : kMostStrayBody;
}

void Router::answer(Request request, Reply reply) const {
  const auto found = find(request.path);
  if (told_) {
    const Route* const meant = choose(found, request.method);
    reply = [told = told_, operation = meant ? meant->operation : std::string(), reply = std::move(reply)](Response response) {
      told(operation, response);
      reply(std::move(response));
    };
  }
  if (found.empty())
    return reply(problem(Refusal{Rule::http_path_unknown, "found \"" + excerpt(request.path, 200) + "\"", "", ""}));
  const Route* route = choose(found, request.method);
  if (!route) {
    std::string allow;
    for (const Route* each : found) allow += (allow.empty() ? "" : ", ") + each->method + (each->method == "GET" ? ", HEAD" : "");
    Response response = problem(Refusal{Rule::http_method_unknown, "found " + excerpt(request.method), allow, ""});
    response.headers.emplace_back("Allow", allow);
    return reply(std::move(response));
  }
  for (const auto& [name, value] : request.query)
    if (std::find(route->query.begin(), route->query.end(), name) == route->query.end())
      return reply(problem(unknown_query(*route, name)));
  if (route->session) {
    auto caller = gate_(request);
    if (!caller) {
      Response response = problem(caller.error());
      if (response.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
      return reply(std::move(response));
    }
    request.caller = *std::move(caller);
  }
  request.parameters = parameters_of(route->path, request.path);
  try {
    route->handler(std::move(request), reply);
  } catch (const std::exception& fault) {
    // What happened is for the log of the server, not for the peer; `reply` ignores this where it was called already.
    reply(problem(Refusal{Rule::server_failed, "the operation \"" + route->operation + "\" did not finish", "", ""}));
  }
}

}  // namespace wideberth::http

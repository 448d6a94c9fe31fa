#include "gtfs.h"

#include <zip.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>

namespace wideberth::gtfs {

namespace {

using Row = std::map<std::string, std::string>;

std::string read_member(zip_t* archive, const char* name) {
  zip_stat_t about{};
  if (zip_stat(archive, name, 0, &about) != 0) throw std::runtime_error{std::string{"no "} + name};
  std::string bytes(about.size, '\0');
  zip_file_t* file = zip_fopen(archive, name, 0);
  const bool whole = file != nullptr && zip_fread(file, bytes.data(), bytes.size()) == static_cast<zip_int64_t>(bytes.size());
  if (file != nullptr) zip_fclose(file);
  if (!whole) throw std::runtime_error{std::string{"cannot read "} + name};
  return bytes;
}

// RFC 4180 without line ends inside quotes, which this archive has none of.
std::vector<std::string> split_row(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back().push_back(c);
    }
  }
  return cells;
}

template <class Each>
void rows(const std::string& table, const std::vector<std::string>& wanted, const Each& each) {
  std::vector<std::size_t> columns;
  for (std::size_t begin = 0; begin < table.size();) {
    const std::size_t end = std::min(table.find('\n', begin), table.size());
    const std::vector<std::string> cells = split_row(table.substr(begin, end - begin));
    begin = end + 1;
    if (columns.empty()) {
      for (const std::string& name : wanted)
        columns.push_back(static_cast<std::size_t>(std::find(cells.begin(), cells.end(), name) - cells.begin()));
      continue;
    }
    std::vector<std::string> row;
    for (const std::size_t column : columns) row.push_back(cells.at(column));
    each(row);
  }
}

// "25:10:00" is ten past one at night after the day of service.
std::int64_t seconds(const std::string& clock) {
  return std::atoll(clock.substr(0, clock.find(':')).c_str()) * 3600 +
         std::atoll(clock.substr(clock.size() - 5, 2).c_str()) * 60 + std::atoll(clock.substr(clock.size() - 2).c_str());
}

struct Call {
  int sequence;
  std::int64_t arrival_ms, departure_ms;
  geo::Place place;
};

// Where stops share an instant, each moves on to an equal share of the time up to the next that does not.
void spread(std::vector<Call>& calls) {
  for (std::size_t i = 1; i < calls.size();) {
    if (calls[i].arrival_ms > calls[i - 1].departure_ms) {
      ++i;
      continue;
    }
    std::size_t last = i;
    while (last < calls.size() && calls[last].arrival_ms <= calls[i - 1].departure_ms) ++last;
    const std::int64_t base = calls[i - 1].departure_ms, until = last < calls.size() ? calls[last].arrival_ms : base + 60'000;
    const auto count = static_cast<std::int64_t>(last - i + 1);
    for (std::size_t k = i; k < last; ++k)
      calls[k].arrival_ms = calls[k].departure_ms = base + (until - base) * static_cast<std::int64_t>(k - i + 1) / count;
    i = last;
  }
}

geo::Route route_of(std::vector<Call> calls, geo::Millis half_window) {
  constexpr std::int64_t kMidnight = 1'572'217'200'000;  // 2019-10-28 in Brussels; the day is invented, the times are not
  std::sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) { return a.sequence < b.sequence; });
  spread(calls);
  geo::Route route;
  const auto add = [&](geo::Place place, std::int64_t ms) {
    const auto at = geo::Instant::from_ms(kMidnight + ms);
    route.waypoints.push_back({place, {at - half_window, at + half_window}});
  };
  for (const Call& call : calls) {
    add(call.place, call.arrival_ms);
    if (call.departure_ms > call.arrival_ms) add(call.place, call.departure_ms);
  }
  return route;
}

}  // namespace

std::vector<Trip> read_trips(const std::string& path, geo::Millis half_window) {
  int error = 0;
  const std::unique_ptr<zip_t, void (*)(zip_t*)> archive{zip_open(path.c_str(), ZIP_RDONLY, &error),
                                                         [](zip_t* z) { zip_discard(z); }};
  if (!archive) throw std::runtime_error{"cannot open " + path};
  std::map<std::string, geo::Place> stops;
  rows(read_member(archive.get(), "stops.txt"), {"stop_id", "stop_lat", "stop_lon"}, [&](const std::vector<std::string>& row) {
    const auto place = geo::make_place(std::atof(row[2].c_str()), std::atof(row[1].c_str()));
    if (place) stops.emplace(row[0], *place);
  });
  std::map<std::string, int> lines;
  rows(read_member(archive.get(), "routes.txt"), {"route_id", "route_short_name"},
       [&](const std::vector<std::string>& row) { lines[row[0]] = std::atoi(row[1].c_str()); });
  std::vector<Trip> trips;
  rows(read_member(archive.get(), "trips.txt"), {"trip_id", "route_id"}, [&](const std::vector<std::string>& row) {
    trips.push_back({row[0], lines.contains(row[1]) ? lines[row[1]] : std::atoi(row[1].c_str()), {}});
  });
  std::map<std::string, std::vector<Call>> calls;
  rows(read_member(archive.get(), "stop_times.txt"), {"trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"},
       [&](const std::vector<std::string>& row) {
         calls[row[0]].push_back({std::atoi(row[4].c_str()), seconds(row[1]) * 1000, seconds(row[2]) * 1000, stops.at(row[3])});
       });
  for (Trip& trip : trips) trip.route = route_of(calls[trip.id], half_window);
  return trips;
}

}  // namespace wideberth::gtfs

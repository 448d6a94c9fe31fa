// PostgreSQL with PostGIS: a server of its own in a temporary folder, reached over a socket there, gone with the object.
#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <utility>

#include "engine.h"
#include "measure.h"

namespace wideberth::bench {
namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

// PostgreSQL refuses to run as root: then it runs as the user that its package makes.
struct Account {
  uid_t user = geteuid();
  gid_t group = getegid();
};

Account account() {
  if (geteuid() != 0) return {};
  const passwd* known = getpwnam("postgres");
  if (known == nullptr) throw Unavailable{"PostGIS: run by root, and there is no user postgres to run the server"};
  return {known->pw_uid, known->pw_gid};
}

class Server {
 public:
  Server() : account_{account()} {
    if (!std::filesystem::exists(std::string{kPrograms} + "initdb")) throw Unavailable{"PostGIS: postgresql-15 is not installed"};
    std::string made = (std::filesystem::temp_directory_path() / "wideberth-bench-XXXXXX").string();
    if (mkdtemp(made.data()) == nullptr) throw Unavailable{"PostGIS: no temporary folder can be made"};
    folder_ = made;
    if (chown(made.c_str(), account_.user, account_.group) != 0) throw_after_removing("its folder cannot be given away");
    const pid_t init = start({"initdb", "-D", folder_ + "/data", "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8"});
    int status = 0;
    if (waitpid(init, &status, 0) != init || status != 0) throw_after_removing("initdb failed");
    // As quick as it can be made: nothing is kept, so nothing need reach the disk.
    server_ = start({"postgres",
                     "-D",
                     folder_ + "/data",
                     "-k",
                     folder_,
                     "-c",
                     "listen_addresses=",
                     "-c",
                     "fsync=off",
                     "-c",
                     "synchronous_commit=off",
                     "-c",
                     "full_page_writes=off",
                     "-c",
                     "shared_buffers=1GB",
                     "-c",
                     "maintenance_work_mem=512MB",
                     "-c",
                     "max_wal_size=4GB",
                     "-c",
                     "jit=off",
                     "-c",
                     "autovacuum=off"});
    const std::string where = connection();
    for (int tries = 0; PQping(where.c_str()) != PQPING_OK; ++tries) {
      if (tries == 300) throw_after_removing("the server does not answer");
      std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() { remove(); }

  std::string connection() const { return "host=" + folder_ + " user=bench dbname=postgres"; }

 private:
  pid_t start(const std::vector<std::string>& words) {
    std::string program = kPrograms + words.front();
    std::vector<char*> arguments;
    std::vector<std::string> kept = words;
    for (std::string& word : kept) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const std::string log = folder_ + "/log";
    const pid_t child = fork();
    if (child != 0) return child;
    unpin();
    const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (out < 0) _exit(127);
    dup2(out, 1);
    dup2(out, 2);
    const bool ready =
        chdir(folder_.c_str()) == 0 && (geteuid() != 0 || (setgid(account_.group) == 0 && setuid(account_.user) == 0));
    // Should this process be ended without a word, the server ends too; set last, as a change of user undoes it.
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (ready) execv(program.c_str(), arguments.data());
    _exit(127);
  }

  void remove() {
    if (server_ > 0) {
      kill(server_, SIGINT);
      waitpid(server_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  [[noreturn]] void throw_after_removing(const std::string& why) {
    remove();
    throw Unavailable{"PostGIS: " + why};
  }

  Account account_;
  std::string folder_;
  pid_t server_ = 0;
};

class Link {
 public:
  explicit Link(const std::string& where) : link_{PQconnectdb(where.c_str())} {
    if (PQstatus(link_) != CONNECTION_OK) throw Unavailable{std::string{"PostGIS: "} + PQerrorMessage(link_)};
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;
  ~Link() { PQfinish(link_); }

  void run(const char* sql) { PQclear(expect(PQexec(link_, sql), PGRES_COMMAND_OK)); }
  void begin_copy(const char* sql) { PQclear(expect(PQexec(link_, sql), PGRES_COPY_IN)); }
  void copy(const std::string& rows) {
    if (PQputCopyData(link_, rows.data(), static_cast<int>(rows.size())) != 1) fail();
  }
  void end_copy() {
    if (PQputCopyEnd(link_, nullptr) != 1) fail();
    while (PGresult* result = PQgetResult(link_)) PQclear(expect(result, PGRES_COMMAND_OK));
  }
  void prepare(const char* sql) { PQclear(expect(PQprepare(link_, "near", sql, 0, nullptr), PGRES_COMMAND_OK)); }
  /// The first column of every row.
  std::vector<std::uint32_t> ask(const std::vector<std::string>& values) {
    std::vector<const char*> pointers;
    for (const std::string& value : values) pointers.push_back(value.c_str());
    PGresult* result = expect(
        PQexecPrepared(link_, "near", static_cast<int>(values.size()), pointers.data(), nullptr, nullptr, 0), PGRES_TUPLES_OK);
    std::vector<std::uint32_t> numbers;
    for (int row = 0; row < PQntuples(result); ++row)
      numbers.push_back(static_cast<std::uint32_t>(std::strtoul(PQgetvalue(result, row, 0), nullptr, 10)));
    PQclear(result);
    return numbers;
  }

 private:
  [[noreturn]] void fail() { throw Unavailable{std::string{"PostGIS: "} + PQerrorMessage(link_)}; }
  PGresult* expect(PGresult* result, ExecStatusType wanted) {
    if (PQresultStatus(result) == wanted) return result;
    PQclear(result);
    fail();
  }
  PGconn* link_;
};

std::string degrees(const geo::Vec3& point) {
  const geo::Place place = geo::to_place(point);
  return fmt::format("{:.7f} {:.7f}", place.lon_e7 * 1e-7, place.lat_e7 * 1e-7);
}

// A halt is a point: a line of no length is none.
std::string shape_of(const geo::Piece& piece) {
  const std::string from = degrees(piece.from), to = degrees(piece.from + piece.along);
  return from == to ? fmt::format("POINT({})", from) : fmt::format("LINESTRING({},{})", from, to);
}

std::string range_of(const geo::Piece& piece) {
  return fmt::format("[{},{}]", to_text(geo::Instant::from_ms(static_cast<std::int64_t>(std::floor(piece.e0)))),
                     to_text(geo::Instant::from_ms(static_cast<std::int64_t>(std::ceil(piece.l1)))));
}

// Says whom to ask, as a database would be used for this: legs with a geography and a time range under one GiST index, near in
// space (on the spheroid) and overlapping in time. That is more than conflict, so geo::meet decides.
class PostGis final : public Engine {
 public:
  PostGis() : link_{server_.connection()} {
    link_.run("set client_min_messages = error");
    link_.run("create extension postgis");
  }
  std::string name() const override { return "postgis"; }
  bool is_outside() const override { return true; }

  void load(const Workload& workload) override {
    workload_ = &workload;
    link_.run("create unlogged table leg (movement int4, party text, line geography, during tstzrange)");
    link_.begin_copy("copy leg from stdin");
    std::string rows;
    std::uint32_t number = 0;
    for (const Movement& each : workload.filed) {
      for (const geo::Piece& piece : each.plan->pieces())
        rows += fmt::format("{}\t{}\t{}\t{}\n", number, each.party, shape_of(piece), range_of(piece));
      if (rows.size() > 1'000'000) link_.copy(std::exchange(rows, {}));
      widest_ = std::max(widest_, each.plan->half_width());
      ++number;
    }
    link_.copy(rows);
    link_.end_copy();
    link_.run("create index on leg using gist (line, during)");
    link_.run("analyze leg");
    link_.run("set enable_seqscan = off");
    link_.prepare(
        "select distinct l.movement from unnest($1::geography[], $2::tstzrange[]) as q(line, during) "
        "join leg l on l.during && q.during and ST_DWithin(l.line, q.line, $3::float8) where l.party <> $4 order by 1");
  }

  std::vector<Answer> ask(const Movement& asked) override {
    std::string lines, ranges;  // as arrays; the geography's is written with colons between
    for (const geo::Piece& piece : asked.plan->pieces()) {
      lines += (lines.empty() ? "{\"" : ":\"") + shape_of(piece) + '"';
      ranges += (ranges.empty() ? "{\"" : ",\"") + range_of(piece) + '"';
    }
    // One metre more than is owed: a chord may stray half a metre from its geodesic, and places are rounded.
    const double reach = (workload_->separation + asked.plan->half_width() + widest_).metres() + 1;
    std::vector<Answer> answers;
    for (const std::uint32_t number : link_.ask({lines + '}', ranges + '}', fmt::format("{}", reach), asked.party}))
      if (auto meeting = geo::meet(*asked.plan, *workload_->filed[number].plan, workload_->separation))
        answers.push_back({number, *std::move(meeting)});
    return answers;
  }

 private:
  Server server_;
  Link link_;
  const Workload* workload_ = nullptr;
  geo::Metres widest_{};
};

}  // namespace

std::unique_ptr<Engine> make_postgis() { return std::make_unique<PostGis>(); }

}  // namespace wideberth::bench

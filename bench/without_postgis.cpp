// What stands in for postgis.cpp where libpq is not there.
#include "engine.h"

namespace wideberth::bench {

std::unique_ptr<Engine> make_postgis() { throw Unavailable{"PostGIS: this program was built without libpq (libpq-dev)"}; }

}  // namespace wideberth::bench

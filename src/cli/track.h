// What the files of `wideberth track` share. Inside this folder only.
#pragma once

#include "cli/desk_options.h"

namespace wideberth::cli {

/// prove and check (track_proof.cpp).
void add_track_proofs(Command& track);

}  // namespace wideberth::cli

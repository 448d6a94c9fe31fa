// What the files of `wideberth feed` share. Inside this folder only.
#pragma once

#include <string>

#include "cli/desk_options.h"

namespace wideberth::cli {

struct FeedOptions {
  DeskOptions desk;
  std::string source, format, queue, agreement, unit, every, about;
  std::string tls_cert, tls_key, tls_clients, source_ca, source_pin;
  bool by_uid = false, every_side = false, to_tak = false;
};

}  // namespace wideberth::cli

// Checks of our own reasoning. They stay on in release builds: a broken promise stops the process rather than bending the record.
#pragma once

namespace wideberth::base {

/// Prints the broken promise with its place in the source and aborts.
[[noreturn]] void check_failed(const char* promise, const char* file, int line) noexcept;

}  // namespace wideberth::base

/// For our own slips only, never for input: what a user or a peer sends is answered with a Refusal.
#define WB_CHECK(promise) (static_cast<bool>(promise) ? void(0) : ::wideberth::base::check_failed(#promise, __FILE__, __LINE__))

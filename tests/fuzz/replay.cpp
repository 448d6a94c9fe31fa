// Sends every file of a corpus through a fuzz target, where libFuzzer is not linked: what a fuzzer once found stays found.
// Usage: <name>_fuzz_replay FOLDER|FILE…   An empty or missing corpus is a failure: it would prove nothing.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const fs::path& place) {
  std::vector<fs::path> files;
  if (fs::is_regular_file(place)) files.push_back(place);
  if (fs::is_directory(place)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(place)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  std::ranges::sort(files);
  return files;
}

void replay(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  // An exact copy on the heap: a sanitizer then sees a read one byte past the end.
  const auto copy = std::make_unique<std::uint8_t[]>(bytes.size());
  std::ranges::copy(bytes, copy.get());
  LLVMFuzzerTestOneInput(copy.get(), bytes.size());
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t replayed = 0;
  for (int i = 1; i < argc; ++i) {
    for (const fs::path& file : files_of(argv[i])) {
      try {
        replay(file);
      } catch (const std::exception& thrown) {
        std::fprintf(stderr, "%s: threw %s\n", file.c_str(), thrown.what());
        return 1;
      }
      ++replayed;
    }
  }
  if (replayed == 0) {
    std::fputs("no corpus: nothing was replayed\n", stderr);
    return 1;
  }
  std::printf("%zu inputs replayed\n", replayed);
  return 0;
}

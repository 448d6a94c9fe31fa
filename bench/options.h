// The words that the commands of the bench have in common.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wideberth::bench {

struct Options {
  bool json = false, quick = false, cpu_time = false;
  std::uint64_t seed = 1;
  std::vector<std::string> only{};
  std::vector<std::string> flags{};                          ///< those of the command's own that were given
  std::map<std::string, std::string, std::less<>> values{};  ///< and its values

  bool wants(std::string_view name) const { return only.empty() || std::find(only.begin(), only.end(), name) != only.end(); }
  bool has(std::string_view flag) const { return std::find(flags.begin(), flags.end(), flag) != flags.end(); }
  std::string value(std::string_view name) const {
    const auto at = values.find(name);
    return at == values.end() ? std::string{} : at->second;
  }
};

/// None where a word is neither common nor among the command's own flags ("--alone") and values ("--ships").
inline std::optional<Options> parse_options(const std::vector<std::string>& words, const std::vector<std::string_view>& flags,
                                            const std::vector<std::string_view>& values) {
  Options options;
  const auto among = [](const auto& names, const std::string& word) {
    return std::find(names.begin(), names.end(), word) != names.end();
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool valued = i + 1 < words.size();
    if (word == "--json")
      options.json = true;
    else if (word == "--quick")
      options.quick = true;
    else if (word == "--cpu-time")
      options.cpu_time = true;
    else if (among(flags, word))
      options.flags.push_back(word);
    else if (valued && word == "--only")
      options.only.push_back(words[++i]);
    else if (valued && word == "--seed")
      options.seed = std::strtoull(words[++i].c_str(), nullptr, 10);
    else if (valued && among(values, word))
      options.values[word] = words[i + 1], ++i;
    else
      return {};
  }
  return options;
}

}  // namespace wideberth::bench

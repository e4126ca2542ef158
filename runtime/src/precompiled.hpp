/// The headers that most sources of the library include, parsed once for all of them. Not to be included by hand.
#pragma once

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value.hpp>
#include <hgvalue/view.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

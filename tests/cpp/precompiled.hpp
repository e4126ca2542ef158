// The headers that most tests include, parsed once for all of them. Not to be included by hand.
#pragma once

#include "catch.hpp"

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/delta/algebra.hpp>
#include <hgvalue/delta/diff.hpp>
#include <hgvalue/time_series.hpp>
#include <hgvalue/time_series/engine.hpp>
#include <hgvalue/value.hpp>
#include <hgvalue/value/codec.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/view.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

/// The headers that most sources of the Python module include, parsed once for all of them. Not to be included by hand.
#pragma once

#include "../precompiled.hpp"

#include <nanobind/nanobind.h>

#include <tsl/robin_map.h>

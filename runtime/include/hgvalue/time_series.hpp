// Everything generated code needs.
#pragma once

#include <hgvalue/core/type_of.hpp>
#include <hgvalue/python/module_info.hpp>
#include <hgvalue/time_series/reference.hpp>
#include <hgvalue/time_series/root.hpp>
#include <hgvalue/time_series/tsb.hpp>
#include <hgvalue/time_series/tsd.hpp>
#include <hgvalue/time_series/tsl.hpp>
#include <hgvalue/time_series/tsw.hpp>

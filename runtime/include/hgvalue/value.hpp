// The value layer: types, values and views of them.
#pragma once

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/value/assign.hpp>
#include <hgvalue/value/bundle_view.hpp>
#include <hgvalue/value/cursor.hpp>
#include <hgvalue/value/format.hpp>
#include <hgvalue/value/indexed_view.hpp>
#include <hgvalue/value/keyed_view.hpp>
#include <hgvalue/value/list_view.hpp>
#include <hgvalue/value/mixins.hpp>
#include <hgvalue/value/navigate.hpp>
#include <hgvalue/value/operator_context.hpp>
#include <hgvalue/value/optional_view.hpp>
#include <hgvalue/value/ref_view.hpp>
#include <hgvalue/value/ring_view.hpp>
#include <hgvalue/value/value.hpp>
#include <hgvalue/value/view.hpp>
#include <hgvalue/value/view_range.hpp>
#include <hgvalue/value/visit.hpp>
#include <hgvalue/value/visitor.hpp>

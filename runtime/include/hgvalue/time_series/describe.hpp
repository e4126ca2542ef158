// Time series as text.
#pragma once

#include <hgvalue/time_series/node_type.hpp>

#include <string>

namespace hgvalue {

/// The type as a schema spells it: `TSD[str, TSB[Flight]]`. A root gives what it names.
std::string schema_text(const NodeType& type);

/// The path from the root of a node to the node, as `navigate` reads it: `["UA1545"].delay`; empty for the root itself.
std::string node_path(const node_ref& node);

/// Value, validity and time of a node and of everything below it, a line each, indented by depth; `name` heads the
/// first, with the time `at`: what was last written then is called modified. Collections of more than 20 children show
/// the first 20 and say how many follow.
std::string debug_string(const node_ref& node, const std::string& name, engine_time_t at);

} // namespace hgvalue

// hgvalue._hgvalue: the runtime for Python.
#include "capsule.hpp"
#include "dynamic_module.hpp"
#include "errors.hpp"
#include "generic_module.hpp"
#include "node_module.hpp"
#include "sentinels.hpp"
#include "value_types.hpp"

NB_MODULE(_hgvalue, m) {
    using namespace hgvalue::python;
    init_errors();
    init_sentinels();
    init_value_types(m.ptr());
    init_time_series(m.ptr());
    init_dynamic(m.ptr());
    init_generic(m.ptr());
    init_capsule(m.ptr());
}

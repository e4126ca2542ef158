// Conversions with hooks around them.
#include "temporary.hpp"

#include <hgvalue/value/kind_ops.hpp>
#include <hgvalue/value/operator_context.hpp>
#include <hgvalue/value/view.hpp>

namespace hgvalue {

void* ConstValueView::to_python(const OperatorContext& context) const {
    require_valid();
    if (context.before_to_python)
        if (void* given = context.before_to_python(*this)) return given;
    void* converted = to_python();
    return context.after_to_python ? context.after_to_python(*this, converted) : converted;
}

void ValueView::from_python(void* object, const OperatorContext& context) {
    require_valid();
    if (context.before_from_python) object = context.before_from_python(*this, object);
    if (!context.after_from_python) return from_python(object);
    detail::temporary made(*schema_, *schema_, data_); // from the value as it is: it is converted in place of it
    ValueView fresh(made.get(), schema_, owner_, path_);
    fresh.from_python(object);
    context.after_from_python(fresh);
    made.move_to(data());
}

} // namespace hgvalue

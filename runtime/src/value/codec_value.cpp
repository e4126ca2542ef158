// Encoding and decoding of owned values and views.
#include "codec_envelope.hpp"

#include <hgvalue/value/value.hpp>

namespace hgvalue {
namespace {

Value read_value(const TypeMeta& type, std::string_view bytes, const EncodedHeader& header) {
    if (!header.has_value) return Value::null(type);
    Value value(type);
    detail::read_payload(type, value.data(), bytes, header);
    return value;
}

} // namespace

std::string encode(const ConstValueView& view) {
    if (!view.valid()) throw NullValueError("a view that looks at nothing cannot be encoded");
    return encode(*view.schema(), view.data());
}

Value decode(const TypeMeta& type, std::string_view bytes, EncodedKind kind) {
    return read_value(type, bytes, detail::expect_header(type, bytes, kind));
}

Value decode(std::string_view bytes) {
    const EncodedHeader header = encoded_header(bytes);
    return read_value(detail::type_of_header(header), bytes, header);
}

} // namespace hgvalue

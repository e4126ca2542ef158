// Encoding and decoding of deltas: the envelope names the type that changes, the payload is the delta's content.
#include <hgvalue/delta/codec.hpp>

#include "../value/codec_envelope.hpp"

#include <hgvalue/core/error.hpp>

namespace hgvalue {
namespace {

DeltaValue read_delta(const TypeMeta& value_type, std::string_view bytes, const EncodedHeader& header) {
    if (header.kind != EncodedKind::Delta) throw DecodeError("these are the bytes of a value, not of a delta");
    if (!header.has_value) throw DecodeError("the bytes are those of a null, which a delta cannot be");
    const TypeMeta& content_type = delta_type(value_type);
    Value content(content_type);
    detail::read_payload(content_type, content.data(), bytes, header);
    try {
        return DeltaValue::from_storage(value_type, std::move(content));
    } catch (const ValueError& e) {
        throw DecodeError(e.what());
    }
}

} // namespace

std::string encode(const DeltaValue& delta) {
    return detail::encode_as(*delta.value_schema(), *delta.view().schema(), delta.view().data(), EncodedKind::Delta);
}

DeltaValue decode_delta(const TypeMeta& value_type, std::string_view bytes) {
    return read_delta(value_type, bytes, detail::expect_header(value_type, bytes, EncodedKind::Delta));
}

DeltaValue decode_delta(std::string_view bytes) {
    const EncodedHeader header = encoded_header(bytes);
    return read_delta(detail::type_of_header(header), bytes, header);
}

} // namespace hgvalue

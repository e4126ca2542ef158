// Encoding and decoding of deltas: the envelope names the type that changes, the payload is the delta's content and
// then its time.
#include <hgvalue/delta/codec.hpp>

#include "../value/codec_bytes.hpp"
#include "../value/codec_envelope.hpp"

#include <hgvalue/core/error.hpp>

#include <array>

namespace hgvalue {
namespace {

DeltaValue read_delta(const TypeMeta& value_type, std::string_view bytes, const EncodedHeader& header) {
    if (header.kind != EncodedKind::Delta) throw DecodeError("these are the bytes of a value, not of a delta");
    if (!header.has_value) throw DecodeError("the bytes are those of a null, which a delta cannot be");
    const TypeMeta& content_type = delta_type(value_type);
    Value content(content_type);
    if (header.payload_end - header.payload_begin < sizeof(engine_time_t))
        throw DecodeError("byte " + std::to_string(header.payload_end) + ": the end comes too early: no time");
    EncodedHeader rest = header;
    rest.payload_end -= sizeof(engine_time_t);
    const auto time = detail::load_le<std::uint64_t>(bytes.data() + rest.payload_end);
    detail::read_payload(content_type, content.data(), bytes, rest);
    try {
        DeltaValue delta = DeltaValue::from_storage(value_type, std::move(content));
        delta.set_time(static_cast<engine_time_t>(time));
        return delta;
    } catch (const ValueError& e) {
        throw DecodeError(e.what());
    }
}

} // namespace

std::string encode(const DeltaValue& delta) {
    std::array<char, sizeof(engine_time_t)> time;
    detail::store_le(time.data(), static_cast<std::uint64_t>(delta.time()));
    return detail::encode_as(*delta.value_schema(), *delta.view().schema(), delta.view().data(), EncodedKind::Delta,
                             std::string_view(time.data(), time.size()));
}

DeltaValue decode_delta(const TypeMeta& value_type, std::string_view bytes) {
    return read_delta(value_type, bytes, detail::expect_header(value_type, bytes, EncodedKind::Delta));
}

DeltaValue decode_delta(std::string_view bytes) {
    const EncodedHeader header = encoded_header(bytes);
    return read_delta(detail::type_of_header(header), bytes, header);
}

} // namespace hgvalue

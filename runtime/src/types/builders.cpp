// Making types at run time.
#include "content_key.hpp"
#include "registry_state.hpp"

#include <hgvalue/value/format.hpp>

#include <limits>
#include <unordered_set>
#include <utility>

namespace hgvalue {

using detail::built_type;

TypeRegistry::~TypeRegistry() = default;

namespace {

/// The part as a type made here keeps it: of scalars there is one layout only.
const TypeMeta& kept(const TypeMeta& part) {
    return detail::is_plain_scalar(part) ? detail::plain_scalar(part.scalar) : part;
}

std::int64_t checked_size(std::size_t size, const char* what) {
    if (size == 0) throw ValueError(std::string(what) + " must be positive");
    if (size > static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()))
        throw ValueError(std::string(what) + " is too large");
    return static_cast<std::int64_t>(size);
}

const TypeMeta& checked_key(const TypeMeta& key, const char* what) {
    if (!key.is(TypeFlags::Hashable) || !key.is(TypeFlags::Equatable))
        throw TypeError("'" + type_name(key) + "' is not hashable, so it cannot be " + what);
    return key;
}

void check_name(std::string_view name, const char* what) {
    if (name.empty()) throw ValueError(std::string(what) + " needs a name");
    if (name.find('\0') != std::string_view::npos)
        throw ValueError("the name of " + std::string(what) + " cannot contain NUL");
}

TypeFlags order_flag(RowOrder order) { return order == RowOrder::Insertion ? TypeFlags::Ordered : TypeFlags::None; }

std::string key_of(const built_type& draft) {
    return detail::content_key(draft, nullptr, [](const TypeMeta& part) { return &part; });
}

} // namespace

const TypeMeta& TypeRegistry::build(TypeKind kind, const TypeMeta* key, const TypeMeta* element, std::int64_t size,
                                    std::int64_t minimum, bool by_time, TypeFlags flags) {
    auto draft = std::make_unique<built_type>();
    draft->kind = kind;
    draft->key = key ? &kept(*key) : nullptr;
    draft->element = &kept(*element);
    draft->fixed_size = size;
    draft->min_size = minimum;
    draft->by_time = by_time;
    draft->flags = flags;
    return state_->build(key_of(*draft), [&] { return std::move(draft); });
}

const TypeMeta& TypeRegistry::build_parts(TypeKind kind, std::span<const TypeMeta* const> parts) {
    auto draft = std::make_unique<built_type>();
    draft->kind = kind;
    for (const TypeMeta* part : parts)
        draft->field_storage.push_back(FieldInfo{nullptr, &kept(*part), 0, false, false, nullptr});
    draft->fields = draft->field_storage.data();
    draft->field_count = static_cast<std::uint32_t>(parts.size());
    return state_->build(key_of(*draft), [&] { return std::move(draft); });
}

const TypeMeta& TypeRegistry::tuple(std::span<const TypeMeta* const> elements) {
    return build_parts(TypeKind::Tuple, elements);
}
const TypeMeta& TypeRegistry::list(const TypeMeta& element) { return build(TypeKind::List, nullptr, &element); }
const TypeMeta& TypeRegistry::tuple_of(const TypeMeta& element) {
    return build(TypeKind::List, nullptr, &element, 0, 0, false, TypeFlags::IsTuple);
}
const TypeMeta& TypeRegistry::fixed_list(const TypeMeta& element, std::size_t size) {
    return build(TypeKind::List, nullptr, &element, checked_size(size, "the size of an array"));
}
const TypeMeta& TypeRegistry::set(const TypeMeta& element, RowOrder order) {
    return build(TypeKind::Set, nullptr, &checked_key(element, "an element of a set"), 0, 0, false, order_flag(order));
}
const TypeMeta& TypeRegistry::map(const TypeMeta& key, const TypeMeta& value, RowOrder order) {
    return build(TypeKind::Map, &checked_key(key, "a key"), &value, 0, 0, false, order_flag(order));
}
const TypeMeta& TypeRegistry::cyclic_buffer(const TypeMeta& element, std::size_t capacity) {
    return build(TypeKind::CyclicBuffer, nullptr, &element, checked_size(capacity, "the size of a cyclic buffer"));
}
const TypeMeta& TypeRegistry::queue(const TypeMeta& element, std::size_t capacity) {
    return build(TypeKind::Queue, nullptr, &element,
                 capacity == 0 ? 0 : checked_size(capacity, "the capacity of a queue"));
}
const TypeMeta& TypeRegistry::window(const TypeMeta& element, std::size_t size, std::size_t minimum) {
    const std::int64_t checked = checked_size(size, "the size of a window");
    if (minimum > size) throw ValueError("the minimum of a window is above its size");
    return build(TypeKind::Window, nullptr, &element, checked, static_cast<std::int64_t>(minimum));
}
const TypeMeta& TypeRegistry::window(const TypeMeta& element, timedelta duration, timedelta minimum) {
    if (duration.us <= 0) throw ValueError("the duration of a window must be positive");
    if (minimum.us < 0 || minimum > duration) throw ValueError("the minimum of a window is not within its duration");
    return build(TypeKind::Window, nullptr, &element, duration.us, minimum.us, true);
}
const TypeMeta& TypeRegistry::optional(const TypeMeta& element) {
    if (element.kind == TypeKind::Optional) return element;
    return build(TypeKind::Optional, nullptr, &element);
}

const TypeMeta& TypeRegistry::variant(std::span<const TypeMeta* const> alternatives) {
    if (alternatives.size() < 2) throw ValueError("a variant needs at least two alternatives");
    constexpr std::size_t most = 254; // the tag is a byte, and one value of it means that nothing is held
    if (alternatives.size() > most) throw ValueError("a variant has at most 254 alternatives");
    std::unordered_set<const TypeMeta*> seen;
    for (const TypeMeta* alternative : alternatives)
        if (!seen.insert(&intern(*alternative)).second)
            throw ValueError("'" + type_name(*alternative) + "' is an alternative of a variant twice");
    return build_parts(TypeKind::Variant, alternatives);
}

const TypeMeta& TypeRegistry::ref(const TypeMeta& target, std::size_t items) {
    return build(TypeKind::Ref, nullptr, &target, items == 0 ? 0 : checked_size(items, "the size of a reference"));
}

const TypeMeta& TypeRegistry::enumeration(std::string_view name, std::string_view module,
                                          std::span<const EnumMember> members, std::string_view doc) {
    check_name(name, "an enum");
    if (members.empty()) throw ValueError("enum '" + std::string(name) + "' has no members");
    auto draft = std::make_unique<built_type>();
    draft->kind = TypeKind::Scalar;
    draft->scalar = ScalarKind::Enum;
    draft->name = store_name(name);
    draft->module = module.empty() ? nullptr : store_name(module);
    draft->doc = doc.empty() ? nullptr : store_name(doc);
    std::unordered_set<std::string_view> names;
    std::unordered_set<std::int64_t> values;
    for (const EnumMember& member : members) {
        check_name(member.name, "a member of an enum");
        if (!names.insert(member.name).second || !values.insert(member.value).second)
            throw ValueError("enum '" + std::string(name) + "' has the member '" + member.name +
                             "' or its value twice");
        draft->member_names.push_back(store_name(member.name));
        draft->member_values.push_back(member.value);
    }
    draft->members = {draft->member_names.data(), draft->member_values.data(),
                      static_cast<std::uint32_t>(members.size())};
    draft->enumeration = &draft->members;
    const TypeMeta& made = state_->build(key_of(*draft), [&] { return std::move(draft); });
    intern(made);
    return made;
}

// -- bundles
// ------------------------------------------------------------------------------------------------------------

struct BundleTypeBuilder::draft {
    TypeRegistry& registry;
    std::unique_ptr<built_type> type = std::make_unique<built_type>();
    bool any_default = false;
};

BundleTypeBuilder::BundleTypeBuilder(TypeRegistry& registry, std::string_view name, std::string_view module)
    : draft_(new draft{registry}) {
    built_type& type = *draft_->type;
    type.kind = TypeKind::Bundle;
    type.name = name.empty() ? nullptr : registry.store_name(name);
    type.module = module.empty() ? nullptr : registry.store_name(module);
}
BundleTypeBuilder::BundleTypeBuilder(BundleTypeBuilder&&) noexcept = default;
BundleTypeBuilder::~BundleTypeBuilder() = default;

BundleTypeBuilder& BundleTypeBuilder::field(std::string_view name, const TypeMeta& type, const void* default_value,
                                            std::string_view doc, bool item_only) {
    built_type& bundle = *draft_->type;
    check_name(name, "a field");
    for (const FieldInfo& f : bundle.field_storage)
        if (is_named(f, name)) throw ValueError("two fields are called '" + std::string(name) + "'");
    TypeRegistry& registry = draft_->registry;
    bundle.defaults.push_back(default_value ? detail::make_value(kept(type), default_value) : detail::owned_value());
    bundle.field_storage.push_back(FieldInfo{registry.store_name(name), &kept(type), 0, default_value != nullptr,
                                             item_only, doc.empty() ? nullptr : registry.store_name(doc)});
    draft_->any_default |= default_value != nullptr;
    return *this;
}

BundleTypeBuilder& BundleTypeBuilder::doc(std::string_view text) {
    draft_->type->doc = draft_->registry.store_name(text);
    return *this;
}

BundleTypeBuilder& BundleTypeBuilder::partial() {
    draft_->type->flags = draft_->type->flags | TypeFlags::Partial;
    return *this;
}

const TypeMeta& BundleTypeBuilder::build() {
    if (!draft_) throw StateError("build() was called before");
    const std::unique_ptr<draft> done = std::move(draft_);
    built_type& type = *done->type;
    type.fields = type.field_storage.data();
    type.field_count = static_cast<std::uint32_t>(type.field_storage.size());
    detail::key_writer key;
    key.text(key_of(type));
    for (std::size_t i = 0; i < type.defaults.size(); ++i)
        if (type.defaults[i]) key.text(to_string(*type.field_storage[i].type, type.defaults[i].get()));
    if (!done->any_default) type.defaults.clear();
    const TypeMeta& made = done->registry.state_->build(key.take(), [&] { return std::move(done->type); });
    if (made.name) done->registry.intern(made);
    return made;
}

BundleTypeBuilder TypeRegistry::bundle() { return {*this, {}, {}}; }
BundleTypeBuilder TypeRegistry::bundle(std::string_view name, std::string_view module) {
    check_name(name, "a named bundle");
    return {*this, name, module};
}

} // namespace hgvalue

// Types by name, identity and fingerprint.
#include "content_key.hpp"
#include "registry_state.hpp"

#include "../value/suggest.hpp"

#include <hgvalue/core/type_parser.hpp>
#include <hgvalue/value/format.hpp>

#include <algorithm>
#include <cstring>

namespace hgvalue {
namespace {

std::string qualified_name(const TypeMeta& m) {
    return m.module && *m.module ? std::string(m.module) + '.' + m.name : std::string(m.name);
}

} // namespace

TypeRegistry& TypeRegistry::instance() {
    // Never destroyed: types outlive everything that may still hold one while the process ends.
    static TypeRegistry& registry = *new TypeRegistry;
    return registry;
}

TypeRegistry::TypeRegistry() : state_(std::make_unique<state>()) { detail::add_builtin_names(*this); }

// -- by name --------------------------------------------------------------------------------------------------------

const TypeMeta* TypeRegistry::get_named(std::string_view name) const {
    std::vector<const TypeMeta*> several;
    {
        const std::shared_lock guard(state_->lock);
        if (const auto alias = state_->aliases.find(name); alias != state_->aliases.end()) return alias->second;
        const auto [first, last] = state_->by_name.equal_range(name);
        if (first == last) return nullptr;
        if (std::next(first) == last) return first->second;
        for (auto i = first; i != last; ++i) several.push_back(i->second);
    }
    std::string message = '\'' + std::string(name) + "' stands for several types:";
    for (std::size_t i = 0; i < several.size(); ++i) {
        const std::uint64_t fingerprint = type_fingerprint(*several[i]);
        message += (i == 0 ? " " : ", ") + qualified_name(*several[i]) + " (fingerprint " + std::to_string(fingerprint);
        if (i != 0 && fingerprint == type_fingerprint(*several[i - 1])) message += ", with other defaults";
        message += ')';
    }
    throw AmbiguousTypeError(message + "; ask by module-qualified name or fingerprint");
}

const TypeMeta* TypeRegistry::get(std::string_view name) const {
    if (const TypeMeta* m = get_named(name)) return m;
    // What has none of these is a name, or nothing that could be called a spelling.
    if (name.find_first_of("[{(|") == std::string_view::npos) return nullptr;
    return parse_type(const_cast<TypeRegistry&>(*this), name); // a type that is made is no change that shows
}

const TypeMeta& TypeRegistry::require(std::string_view name) const {
    if (const TypeMeta* m = get(name)) return *m;
    throw KeyError("no type is called '" + std::string(name) + '\'' +
                   detail::suggestion(name, names(), [](const std::string& known) { return std::string_view(known); }));
}

const TypeMeta* TypeRegistry::find(std::string_view qualified, std::uint64_t fingerprint) const {
    const TypeMeta* m = find(fingerprint);
    return m && m->name && qualified_name(*m) == qualified ? m : nullptr;
}

const TypeMeta* TypeRegistry::find(std::uint64_t fingerprint) const {
    return state_->look_up(state_->by_fingerprint, fingerprint);
}

void TypeRegistry::add_alias(std::string_view name, const TypeMeta& type) {
    if (name.empty()) throw ValueError("a type needs a name that is not empty");
    const TypeMeta& identity = intern(type);
    const std::unique_lock guard(state_->lock);
    const auto [at, added] = state_->aliases.try_emplace(std::string(name), &identity);
    if (!added && at->second != &identity)
        throw ValueError('\'' + std::string(name) + "' already stands for '" + type_name(*at->second) + '\'');
}

std::vector<std::string> TypeRegistry::names() const {
    const std::shared_lock guard(state_->lock);
    std::vector<std::string> all;
    for (const auto& [name, type] : state_->aliases) all.push_back(name);
    for (const auto& [name, type] : state_->by_name)
        if (all.empty() || all.back() != name) all.push_back(name);
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

const char* TypeRegistry::store_name(std::string_view text) {
    {
        const std::shared_lock guard(state_->lock);
        if (const auto found = state_->texts.find(text); found != state_->texts.end()) return found->c_str();
    }
    const std::unique_lock guard(state_->lock);
    return state_->texts.emplace(text).first->c_str();
}

// -- identity ---------------------------------------------------------------------------------------------------------

const TypeMeta& TypeRegistry::intern(const TypeMeta& type) {
    if (const TypeMeta* known = state_->look_up(state_->interned, &type)) return *known;
    const TypeMeta* identity = nullptr;
    if (detail::is_plain_scalar(type))
        identity = &detail::plain_scalar(type.scalar);
    else if (type.name)
        identity = &intern_named(type);
    else if (type.kind == TypeKind::Scalar)
        identity = &type; // a C++ type that no schema names
    else
        identity = &rebuild(type);
    const std::uint64_t fingerprint = type_fingerprint(*identity);
    const std::unique_lock guard(state_->lock);
    state_->interned.try_emplace(&type, identity);
    state_->interned.try_emplace(identity, identity);
    state_->by_fingerprint.try_emplace(fingerprint, identity);
    return *identity;
}

const TypeMeta& TypeRegistry::intern_named(const TypeMeta& type) {
    detail::owned_value defaults;
    if (type.kind == TypeKind::Bundle) defaults = detail::make_value(type);
    const std::string key =
        detail::content_key(type, defaults.get(), [&](const TypeMeta& part) { return &intern(part); });
    const std::unique_lock guard(state_->lock);
    const auto [at, added] = state_->named_by_content.try_emplace(key, &type);
    if (added) {
        state_->by_name.emplace(type.name, &type);
        if (const std::string full = qualified_name(type); full != type.name) state_->by_name.emplace(full, &type);
    }
    return *at->second;
}

/// An anonymous type as the registry itself makes it, of interned parts.
const TypeMeta& TypeRegistry::rebuild(const TypeMeta& m) {
    const auto order = m.is(TypeFlags::Ordered) ? RowOrder::Insertion : RowOrder::Any;
    const auto part = [&](const TypeMeta* p) -> const TypeMeta& { return intern(*p); };
    const auto parts = [&] {
        std::vector<const TypeMeta*> types;
        for (std::uint32_t i = 0; i < m.field_count; ++i) types.push_back(&intern(*m.fields[i].type));
        return types;
    };
    const auto size = static_cast<std::size_t>(m.fixed_size);
    switch (m.kind) {
    case TypeKind::Tuple: return tuple(parts());
    case TypeKind::Variant: return variant(parts());
    case TypeKind::Bundle: {
        BundleTypeBuilder builder = bundle();
        for (std::uint32_t i = 0; i < m.field_count; ++i) {
            const FieldInfo& f = m.fields[i];
            builder.field(f.name, part(f.type), nullptr, f.doc ? f.doc : "", f.item_only);
        }
        if (m.is(TypeFlags::Partial)) builder.partial();
        return builder.build();
    }
    case TypeKind::List:
        if (size > 0) return fixed_list(part(m.element), size);
        return m.is(TypeFlags::IsTuple) ? tuple_of(part(m.element)) : list(part(m.element));
    case TypeKind::Set: return set(part(m.element), order);
    case TypeKind::Map: return map(part(m.key), part(m.element), order);
    case TypeKind::CyclicBuffer: return cyclic_buffer(part(m.element), size);
    case TypeKind::Queue: return queue(part(m.element), size);
    case TypeKind::Window:
        if (m.by_time) return window(part(m.element), timedelta{m.fixed_size}, timedelta{m.min_size});
        return window(part(m.element), size, static_cast<std::size_t>(m.min_size));
    case TypeKind::Optional: return optional(part(m.element));
    case TypeKind::Ref: return ref(part(m.element), size);
    case TypeKind::Scalar: break;
    }
    throw TypeError("'" + type_name(m) + "' cannot be registered");
}

// -- Python -----------------------------------------------------------------------------------------------------------

void TypeRegistry::register_python_type(void* python_type, const TypeMeta& type) {
    const TypeMeta& identity = intern(type);
    const std::unique_lock guard(state_->lock);
    state_->by_python_type.insert_or_assign(python_type, &identity);
}

const TypeMeta* TypeRegistry::from_python_type(void* python_type) const {
    return state_->look_up(state_->by_python_type, python_type);
}

} // namespace hgvalue

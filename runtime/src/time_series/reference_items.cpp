// What an unbound reference owns: a node of references, one for each part of a target.
#include "links.hpp"
#include "overlay_storage.hpp"

#include <hgvalue/core/type_registry.hpp>
#include <hgvalue/time_series/built_node.hpp>
#include <hgvalue/time_series/describe.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

namespace hgvalue {

namespace {

std::align_val_t overlay_alignment(const NodeType& t) noexcept { return std::align_val_t{t.overlay_alignment}; }

} // namespace

reference_items::~reference_items() {
    if (overlay) {
        engine::overlay_destroy(*type, overlay);
        ::operator delete(overlay, overlay_alignment(*type));
    }
    if (value) engine::delete_default(*type->value, value);
}

namespace engine {

namespace {

const NodeType& reference_to(const NodeType& part) {
    return part.kind == NodeKind::REF ? part : built::reference(part);
}

} // namespace

std::size_t part_count(const NodeType& target) noexcept {
    return target.kind == NodeKind::TSB ? target.field_count : target.list_size;
}

const NodeType& reference_items_type(const NodeType& target) {
    if (part_count(target) == 0) throw TypeError("a " + schema_text(target) + " has no parts to refer to");
    static std::mutex lock;
    static auto& known = *new std::unordered_map<const NodeType*, const NodeType*>;
    const std::lock_guard guard(lock);
    const NodeType*& made = known[&target];
    if (made) return *made;
    TypeRegistry& types = TypeRegistry::instance();
    const TypeMeta& nothing = type_of<bool>(); // as the data of a reference
    if (target.list_size) {
        made = &built::list(types.fixed_list(nothing, target.list_size), reference_to(*target.child));
        return *made;
    }
    BundleTypeBuilder data = types.bundle();
    std::vector<built::NodeChild> children;
    for (std::uint32_t i = 0; i < target.field_count; ++i) {
        const NodeField& f = target.fields[i];
        data.field(f.name, nothing);
        children.push_back({&reference_to(*f.type), "", f.item_only});
    }
    made = &built::bundle({target.module ? target.module : "", target.name ? target.name : "items", ""}, data.build(),
                          children);
    return *made;
}

std::unique_ptr<reference_items> make_items(const NodeType& target, ref_state& owner) {
    const NodeType& t = reference_items_type(target);
    auto made = std::make_unique<reference_items>(t);
    made->value = new_default(*t.value);
    void* overlay = ::operator new(t.overlay_size, overlay_alignment(t));
    try {
        overlay_construct(t, overlay, &owner, 0);
    } catch (...) {
        ::operator delete(overlay, overlay_alignment(t));
        throw;
    }
    made->overlay = overlay;
    return made;
}

} // namespace engine
} // namespace hgvalue

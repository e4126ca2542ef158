#include "columns_keys.hpp"

#include "../value/codec_rules.hpp"

#include <hgvalue/time_series/engine.hpp>

#include <algorithm>
#include <cstring>
#include <string>

namespace hgvalue::python {

namespace {

/// The texts of str objects; false if there is anything else among them.
bool read_texts(std::vector<std::string_view>& to, const Cells& cells) {
    if (cells.nested) return false;
    for (std::size_t i = 0; i < cells.count; ++i) {
        PyObject* item = cells.item(i);
        if (!PyUnicode_Check(item)) return false;
        Py_ssize_t size = 0;
        const char* text = PyUnicode_AsUTF8AndSize(item, &size);
        if (!text) {
            clear_error(PyExc_UnicodeEncodeError); // from_python says why
            return false;
        }
        to.emplace_back(text, static_cast<std::size_t>(size));
    }
    return true;
}

/// Our strs are UTF-8 throughout; libraries promise it of Arrow's text, but not all look.
void require_utf8(std::string_view text, std::size_t i, const PathStep* where) {
    if (detail::is_utf8(text)) return;
    const PathStep step = PathStep::at(where, i);
    throw ValueError(prefix(&step) + "the Arrow text is not UTF-8");
}

std::uint32_t insert(const node_ref& dict, const TypeMeta& type, const void* key) {
    const std::size_t hash = type.ops->hash(type, key);
    const std::uint32_t row = find_row(*dict.type->value, dict.rows(), key, hash);
    return row != no_row ? row : engine::insert_row(dict, key, hash);
}

} // namespace

KeyColumn::KeyColumn(const TypeMeta& key, GivenColumn&& column, const PathStep* where) : type_(key) {
    size_ = column.count;
    std::size_t i = 0;
    for (const Cells& cells : column.pieces) // a column of nulls can be of any length
        if (cells.kind == ScalarKind::None && cells.count)
            throw ValueError(prefix(where) + "key " + std::to_string(i) + " is null");
        else
            i += cells.count;
    if (key.scalar == ScalarKind::Str) {
        texts_.reserve(size_);
        for (const Cells& cells : column.pieces) {
            if (cells.given) break;
            if (cells.kind == ScalarKind::Str)
                for (i = 0; i < cells.count; ++i) {
                    require_utf8(cells.text(i), texts_.size(), where);
                    texts_.push_back(cells.text(i));
                }
            else if (cells.kind != ScalarKind::None && (cells.kind != ScalarKind::Object || !read_texts(texts_, cells)))
                break;
        }
        if (texts_.size() == size_) {
            column_ = std::move(column);
            return;
        }
        texts_.clear();
    }
    keys_ = std::make_unique<StagedColumn>(key, std::move(column), where);
    for (i = 0; i < size_; ++i)
        if (!keys_->is_given(i)) throw ValueError(prefix(where) + "key " + std::to_string(i) + " is null");
}

void KeyColumn::check_new(const std::vector<std::uint32_t>& rows, const PathStep* where) const {
    for (std::size_t i = 0; !keys_ && i < size_; ++i)
        if (rows[i] == no_row) require_utf8(texts_[i], i, where);
}

std::vector<std::uint32_t> KeyColumn::find(const node_ref& dict) const {
    const row_store& store = dict.rows();
    std::vector<std::uint32_t> rows(size_, no_row);
    if (!keys_) {
        const auto* stored = reinterpret_cast<const std::string*>(store.keys());
        for (std::size_t i = 0; i < size_; ++i)
            rows[i] = store.find(hash_bytes(texts_[i]), [&](std::uint32_t row) { return stored[row] == texts_[i]; });
    } else if (type_.scalar == ScalarKind::Int64) {
        const auto* stored = reinterpret_cast<const std::int64_t*>(store.keys());
        for (std::size_t i = 0; i < size_; ++i) {
            std::int64_t key = 0;
            std::memcpy(&key, keys_->value(i), sizeof key);
            rows[i] = store.find(hash_of(key), [&](std::uint32_t row) { return stored[row] == key; });
        }
    } else {
        for (std::size_t i = 0; i < size_; ++i) {
            Temporary key(type_);
            copy(i, key.get());
            rows[i] = find_row(*dict.type->value, store, key.get(), type_.ops->hash(type_, key.get()));
        }
    }
    return rows;
}

std::uint32_t KeyColumn::find_or_insert(const node_ref& dict, std::size_t i) const {
    Temporary key(type_);
    copy(i, key.get());
    return insert(dict, type_, key.get());
}

void KeyColumn::copy(std::size_t i, void* to) const {
    if (!keys_)
        static_cast<std::string*>(to)->assign(texts_[i]);
    else if (type_.is(TypeFlags::TriviallyCopyable))
        std::memcpy(to, keys_->value(i), type_.size); // which may have any alignment
    else
        type_.ops->copy_assign(type_, to, keys_->value(i));
}

KeySlots::KeySlots(const node_ref& dict, const KeyColumn& given) : type(*dict.type->scalar) {
    const std::vector<std::uint32_t> rows = given.find(dict);
    const keyed_state& s = dict.keyed();
    elements.reserve(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] != no_row) {
            const std::uint32_t id = s.id_of_row[rows[i]];
            elements.push_back({id, s.places[id].generation});
        } else {
            waiting.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(waiting.size())});
            elements.push_back({not_there, 0});
        }
    }
    keys = std::make_unique<ValueArray>(type, waiting.size());
    for (const Waiting& w : waiting) given.copy(w.slot, keys->at(w.key));
}

void KeySlots::settle(const node_ref& dict, const Waiting& w, std::uint32_t row) {
    const std::uint32_t id = dict.keyed().id_of_row[row];
    elements[w.slot] = {id, dict.keyed().places[id].generation};
}

std::vector<std::uint32_t> KeySlots::find(const node_ref& dict) {
    std::erase_if(waiting, [&](const Waiting& w) {
        if (elements[w.slot].id != not_there) return true;
        const void* key = keys->at(w.key);
        const std::uint32_t row = find_row(*dict.type->value, dict.rows(), key, type.ops->hash(type, key));
        if (row != no_row) settle(dict, w, row);
        return row != no_row;
    });
    const keyed_state& s = dict.keyed();
    std::vector<std::uint32_t> rows(elements.size());
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Element e = elements[i];
        if (e.id == not_there) {
            rows[i] = no_row;
            continue;
        }
        const keyed_state::place& p = s.places[e.id];
        if (p.generation != e.generation)
            throw StaleReferenceError("the key of slot " + std::to_string(i) + " was removed; resolve the keys again");
        rows[i] = p.row;
    }
    return rows;
}

std::uint32_t KeySlots::find_or_insert(const node_ref& dict, std::size_t slot) {
    const auto w = std::lower_bound(waiting.begin(), waiting.end(), slot,
                                    [](const Waiting& a, std::size_t s) { return a.slot < s; });
    const std::uint32_t row = insert(dict, type, keys->at(w->key));
    settle(dict, *w, row);
    return row;
}

} // namespace hgvalue::python

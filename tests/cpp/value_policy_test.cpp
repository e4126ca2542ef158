// Extensions of values: policies, mixins, and hooks around conversions. Python is played by counted objects.
#include "both_layouts.hpp"

#include <hgvalue/value.hpp>

#include <stdexcept>
#include <string>
#include <vector>

using namespace hgvalue;

namespace {

struct fake_object {
    inline static long live = 0;
    long references = 1;
    std::int64_t number = 0;
    explicit fake_object(std::int64_t n) : number(n) { ++live; }
    ~fake_object() { --live; }
};
fake_object& fake(void* p) { return *static_cast<fake_object*>(p); }
void release(void* p) {
    if (--fake(p).references == 0) delete &fake(p);
}

/// Puts a Python into the runtime table in which every object is a number, and takes it out again.
class fake_python {
  public:
    inline static int conversions = 0;

    fake_python() : before_(runtime_table) {
        conversions = 0;
        runtime_table.object_incref = [](void* p) noexcept { ++fake(p).references; };
        runtime_table.object_decref = [](void* p) noexcept { release(p); };
        runtime_table.python_none = &none_;
        runtime_table.to_python = [](const TypeMeta& m, const void* v) -> void* {
            ++conversions;
            if (m.scalar != ScalarKind::Int64) throw TypeError("only int");
            return new fake_object(*static_cast<const std::int64_t*>(v));
        };
        runtime_table.from_python = [](const TypeMeta& m, void* to, void* from) {
            ++conversions;
            if (m.kind == TypeKind::List) {
                m.ops->list_resize(m, to, 3); // and stops half-way
                throw TypeError("no list");
            }
            *static_cast<std::int64_t*>(to) = fake(from).number;
        };
    }
    ~fake_python() { runtime_table = before_; }
    void* none() { return &none_; }

  private:
    RuntimeApi before_;
    fake_object none_{0};
};

/// A reference that is let go of.
class reference {
  public:
    explicit reference(void* p) : p_(p) {}
    reference(const reference&) = delete;
    ~reference() { release(p_); }
    void* get() const { return p_; }
    std::int64_t number() const { return fake(p_).number; }

  private:
    void* p_;
};

struct leak_check {
    long before = fake_object::live;
    ~leak_check() { CHECK(fake_object::live == before); }
};

} // namespace

TEST_CASE("without Python there is none to convert to", "[V-24][V-27]") {
    Value v(std::int64_t{1});
    CHECK_THROWS_AS(v.to_python(), StateError);
    CHECK_THROWS_AS(v.view().to_python(), StateError);
    CHECK_THROWS_AS(v.from_python(nullptr), StateError);
    CHECK_THROWS_AS(v.view().from_python(nullptr), StateError);
    CHECK_THROWS_AS(Value::null(*v.schema()).to_python(), StateError);
    CHECK(v.as<std::int64_t>() == 1);
}

TEST_CASE("a value goes to Python and back", "[V-09][V-27]") {
    const leak_check leaks;
    fake_python python;
    Value v(std::int64_t{5});
    CHECK(reference(v.to_python()).number() == 5);
    CHECK(reference(v.view().to_python()).number() == 5);
    fake_object seven(7);
    v.from_python(&seven);
    CHECK(v.as<std::int64_t>() == 7);
    v.from_python(python.none());
    CHECK_FALSE(v.has_value());
    CHECK(reference(v.to_python()).get() == python.none());
    v.from_python(&seven); // makes it a value again
    CHECK(v.as<std::int64_t>() == 7);

    Value list(std::vector<std::int64_t>{1});
    CHECK_THROWS_AS(list.view().from_python(&seven), TypeError);
    CHECK_THROWS_AS(list.from_python(&seven), TypeError);
    CHECK(list.to_string() == "[1]"); // nothing half written
}

TEST_CASE("a policy that is not used costs nothing", "[V-23]") {
    STATIC_REQUIRE(sizeof(BasicValue<NoCache>) == sizeof(value_storage) + sizeof(void*) + sizeof(void*));
    STATIC_REQUIRE(sizeof(BasicValue<WithPythonCache>) == sizeof(Value) + sizeof(object));
    STATIC_REQUIRE(std::is_empty_v<policy_storage<NoCache>>);
    STATIC_REQUIRE(sizeof(ValueCore) == sizeof(Value));
    STATIC_REQUIRE(sizeof(ExtendedValue<>) == sizeof(Value));
    STATIC_REQUIRE(sizeof(ExtendedValue<WithCache>) == sizeof(Value) + sizeof(object));
    STATIC_REQUIRE(sizeof(ExtendedValue<WithModTracking>) == sizeof(Value) + sizeof(std::vector<int>));
    STATIC_REQUIRE(sizeof(ExtendedValue<WithValidation>) == sizeof(Value) + sizeof(std::function<void()>));
}

TEST_CASE("a value with a cache converts once", "[V-23]") {
    const leak_check leaks;
    const fake_python python;
    BasicValue<WithPythonCache> v(std::int64_t{123456789});
    const reference first(v.to_python()), second(v.to_python());
    CHECK(first.get() == second.get());
    CHECK(fake_python::conversions == 1);
    CHECK(std::as_const(v).as<std::int64_t>() == 123456789); // reading keeps it
    CHECK(reference(v.to_python()).get() == first.get());
    v.view().as<std::int64_t>() = 5; // may have changed it
    CHECK(reference(v.to_python()).number() == 5);
    CHECK(fake_python::conversions == 2);
    v.as<std::int64_t>() = 6;
    CHECK(reference(v.to_python()).number() == 6);
    *v.try_as<std::int64_t>() = 7;
    CHECK(reference(v.to_python()).number() == 7);

    BasicValue<WithPythonCache> moved(std::move(v));
    const int before = fake_python::conversions;
    CHECK(reference(moved.to_python()).number() == 7);
    CHECK(fake_python::conversions == before); // the cache went along
    fake_object nine(9);
    moved.from_python(&nine);
    CHECK(reference(moved.to_python()).number() == 9);
    moved.reset();
    CHECK(moved.to_python() != nullptr);
    --fake(runtime_table.python_none).references;
    moved.emplace();
    CHECK(reference(moved.to_python()).number() == 0);
    v = BasicValue<WithPythonCache>(std::int64_t{1}); // what was moved from can be assigned
    CHECK(reference(v.to_python()).number() == 1);
}

TEST_CASE("mixins see every change before it is there, and after", "[V-23]") {
    const leak_check leaks;
    const fake_python python;
    ExtendedValue<WithModTracking, WithCache, WithValidation> v{Value(std::int64_t{1})};
    std::vector<std::int64_t> seen;
    v.on_modified([&] { seen.push_back(reference(v.to_python()).number()); });
    v.validate_with([](const ConstValueView& n) { return n.as<std::int64_t>() < 100; });

    v.assign(5);
    CHECK(v.view().as<std::int64_t>() == 5);
    v.modify([](ValueView w) { w.as<std::int64_t>() += 1; });
    CHECK(seen == std::vector<std::int64_t>{5, 6});

    CHECK_THROWS_AS(v.assign(100), ValueError);
    CHECK_THROWS_AS(v.assign("text"), TypeError);
    CHECK_THROWS_AS(v.modify([](ValueView w) { w.as<std::int64_t>() = 1000; }), ValueError);
    CHECK_THROWS_AS(v.modify([](ValueView w) {
        w.as<std::int64_t>() = 7;
        throw std::runtime_error("no");
    }),
                    std::runtime_error);
    fake_object big(500), small(50);
    CHECK_THROWS_AS(v.from_python(&big), ValueError);
    CHECK(v.view().as<std::int64_t>() == 6);
    CHECK(reference(v.to_python()).number() == 6);
    CHECK(seen.size() == 2);

    v.from_python(&small);
    CHECK(seen.back() == 50);
    const reference a(v.to_python()), b(v.to_python());
    CHECK(a.get() == b.get());
    v.reset();
    CHECK_FALSE(v.has_value());
    v.modify([](ValueView w) { w.as<std::int64_t>() = 3; });
    CHECK(v.view().as<std::int64_t>() == 3);
    CHECK(seen.back() == 3);
    CHECK_THROWS_AS((ExtendedValue<WithCache>(Value())), StateError);
}

TEST_CASE("the order of mixins does not make what they give wrong", "[V-23]") {
    const leak_check leaks;
    const fake_python python;
    ExtendedValue<WithCache, WithModTracking> v{Value(std::int64_t{1})};
    CHECK(reference(v.to_python()).number() == 1);
    std::int64_t seen = 0;
    v.on_modified([&] { seen = reference(v.to_python()).number(); });
    v.assign(2);
    CHECK(seen == 2);
    v.on_modified([] { throw std::runtime_error("after the change"); });
    CHECK_THROWS_AS(v.assign(3), std::runtime_error);
    CHECK(reference(v.to_python()).number() == 3);
}

TEST_CASE("hooks go around conversions", "[V-24]") {
    const leak_check leaks;
    const fake_python python;
    Value v(std::int64_t{5});
    OperatorContext none;
    CHECK(reference(v.view().to_python(none)).number() == 5);

    OperatorContext doubled;
    doubled.after_to_python = [](const ConstValueView&, void* converted) -> void* {
        const reference taken(converted);
        return new fake_object(taken.number() * 2);
    };
    CHECK(reference(v.view().to_python(doubled)).number() == 10);

    OperatorContext replaced;
    replaced.before_to_python = [](const ConstValueView& w) -> void* {
        return w.as<std::int64_t>() == 5 ? new fake_object(-5) : nullptr;
    };
    const int before = fake_python::conversions;
    CHECK(reference(v.view().to_python(replaced)).number() == -5);
    CHECK(fake_python::conversions == before);
    v.as<std::int64_t>() = 6;
    CHECK(reference(v.view().to_python(replaced)).number() == 6);

    fake_object seven(7), eight(8);
    OperatorContext in;
    in.before_from_python = [&](const ConstValueView& w, void* given) -> void* {
        CHECK(w.as<std::int64_t>() == 6);
        CHECK(given == &seven);
        return &eight;
    };
    in.after_from_python = [](ValueView& w) { w.as<std::int64_t>() += 100; };
    v.view().from_python(&seven, in);
    CHECK(v.as<std::int64_t>() == 108);

    OperatorContext refusing;
    refusing.after_from_python = [](ValueView& w) {
        CHECK(w.as<std::int64_t>() == 7);
        throw ValueError("refused");
    };
    CHECK_THROWS_AS(v.view().from_python(&seven, refusing), ValueError);
    CHECK(v.as<std::int64_t>() == 108);
}

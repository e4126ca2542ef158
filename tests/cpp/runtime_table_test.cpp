#include "catch.hpp"

#include <hgvalue/core/runtime_api.hpp>

TEST_CASE("the library's table is the one its headers describe") {
    REQUIRE(hgvalue::runtime().abi == hgvalue::abi_version);
    REQUIRE(hgvalue::runtime().size == sizeof(hgvalue::RuntimeApi));
}

TEST_CASE("without Python there is nobody to make a module") { REQUIRE(hgvalue::runtime().module_create == nullptr); }

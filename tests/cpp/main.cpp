// Catch2 3 brings a main of its own; this one serves Catch2 2, where it has to be compiled once by the user.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

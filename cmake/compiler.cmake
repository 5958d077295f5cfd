# Warnings and the two switches that every target shares.
add_library(kilnwatt_options INTERFACE)
target_include_directories(kilnwatt_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(kilnwatt_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wno-missing-field-initializers
  # g++ 12 takes the inlined new and delete of a coroutine's frame for a mismatch.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>
  $<$<BOOL:${KILNWATT_WERROR}>:-Werror>)
target_compile_definitions(kilnwatt_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED
  KILNWATT_VERSION="${PROJECT_VERSION}")

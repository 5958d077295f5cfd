# A room is a folder: all its .cpp files are one static library kilnwatt_<name>.
#
# kilnwatt_room(<name> USES <rooms or libraries every user of the room needs>
#                      HIDES <vendor libraries only the room itself may include>)
function(kilnwatt_room name)
  cmake_parse_arguments(arg "" "" "USES;HIDES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources) # a room of headers only
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
  endif()
  add_library(kilnwatt_${name} STATIC ${sources})
  target_link_libraries(kilnwatt_${name} PUBLIC kilnwatt_options ${arg_USES} PRIVATE ${arg_HIDES})
endfunction()

# kilnwatt_tests(<name> USES <rooms> [LABELS <labels>] [ALONE]) builds every *_test.cpp of the folder into test_<name>;
# ALONE: no other test runs beside them.
function(kilnwatt_tests name)
  cmake_parse_arguments(arg "ALONE" "" "USES;LABELS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(test_${name} ${sources})
  target_link_libraries(test_${name} PRIVATE ${arg_USES} kilnwatt_test_support)
  set(properties TIMEOUT 600)
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  if(arg_ALONE)
    list(APPEND properties RUN_SERIAL ON)
  endif()
  catch_discover_tests(test_${name} TEST_PREFIX "${name}: " PROPERTIES ${properties})
endfunction()

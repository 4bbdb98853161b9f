# The modules' openapi.json fragments, merged, checked and embedded: target api_document, and build/openapi.json for the
# web app's generated types.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
file(GLOB fragments CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/server/modules/*/openapi.json)
set(document ${CMAKE_BINARY_DIR}/generated/api_document.cpp)
add_custom_command(
  OUTPUT ${document}
  COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/scripts/merge-openapi --cpp ${document} ${CMAKE_SOURCE_DIR}/build/openapi.json
  # The merge leaves an unchanged file untouched, which would make it run in each build.
  COMMAND ${CMAKE_COMMAND} -E touch_nocreate ${document}
  DEPENDS ${fragments} ${CMAKE_SOURCE_DIR}/server/api/openapi.json ${CMAKE_SOURCE_DIR}/scripts/merge-openapi
  COMMENT "Merging the API document"
  VERBATIM)
add_library(api_document STATIC ${document})
target_include_directories(api_document PUBLIC ${CMAKE_SOURCE_DIR}/server)
target_link_libraries(api_document PRIVATE shouwen_warnings)

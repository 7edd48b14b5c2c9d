# Puts the pages' templates, texts and stylesheet into skerry_web. The stylesheet is built from web/styles by Node (web/build.mjs).
find_program(NODE node REQUIRED)
set(pages_dist ${CMAKE_BINARY_DIR}/web)
file(GLOB pages_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/templates/*.mustache ${CMAKE_SOURCE_DIR}/web/texts/*.json
  ${CMAKE_SOURCE_DIR}/web/static/*)
file(GLOB pages_styles CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/web/styles/*.scss ${CMAKE_SOURCE_DIR}/web/templates/*.mustache
  ${CMAKE_SOURCE_DIR}/src/web/*.cpp)
add_custom_command(OUTPUT ${pages_dist}/skerry.css
  COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/web/build.mjs --out ${pages_dist}
  DEPENDS ${pages_styles} ${CMAKE_SOURCE_DIR}/web/build.mjs ${CMAKE_SOURCE_DIR}/web/package-lock.json
  COMMENT "Building the stylesheet of the pages" VERBATIM)
skerry_embed(skerry_web skerry::web page_files ${CMAKE_SOURCE_DIR}/web ${pages_files})
skerry_embed(skerry_web skerry::web built_files ${pages_dist} ${pages_dist}/skerry.css)

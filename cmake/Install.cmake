# cmake --install build/release --prefix …: the program and the web app that it serves.
include(GNUInstallDirs)
if(TARGET shouwen)
  install(TARGETS shouwen RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
# The web app is built by npm; absent until then, so optional.
install(DIRECTORY ${CMAKE_SOURCE_DIR}/web/dist/ DESTINATION ${CMAKE_INSTALL_DATADIR}/shouwen/web OPTIONAL)

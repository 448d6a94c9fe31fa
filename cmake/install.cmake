# What `make install` puts under the prefix: the program, its manual page and completion (both written by the program itself),
# the unit of systemd with its user, the scenarios, the documents, the licence.

set(pages ${CMAKE_BINARY_DIR}/installed)
add_custom_command(TARGET wideberth POST_BUILD
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND wideberth manual > ${pages}/wideberth.1
  COMMAND wideberth completion bash > ${pages}/wideberth.bash
  COMMAND wideberth completion zsh > ${pages}/_wideberth
  COMMAND wideberth completion fish > ${pages}/wideberth.fish
  BYPRODUCTS ${pages}/wideberth.1 ${pages}/wideberth.bash ${pages}/_wideberth ${pages}/wideberth.fish
  VERBATIM)

install(TARGETS wideberth RUNTIME DESTINATION bin)
install(FILES ${pages}/wideberth.1 DESTINATION share/man/man1)
install(FILES ${pages}/wideberth.bash DESTINATION share/bash-completion/completions RENAME wideberth)
install(FILES ${pages}/_wideberth DESTINATION share/zsh/site-functions)
install(FILES ${pages}/wideberth.fish DESTINATION share/fish/vendor_completions.d)
# The unit names the program by its whole path, which is known only when it is installed.
install(CODE "configure_file(\"${CMAKE_SOURCE_DIR}/deploy/wideberth.service.in\" \"${pages}/wideberth.service\" @ONLY)")
install(FILES ${pages}/wideberth.service DESTINATION lib/systemd/system)
install(FILES ${CMAKE_SOURCE_DIR}/deploy/wideberth.sysusers DESTINATION lib/sysusers.d RENAME wideberth.conf)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${CMAKE_SOURCE_DIR}/README.md DESTINATION share/doc/wideberth)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/docs/ DESTINATION share/doc/wideberth/docs)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/scenarios DESTINATION share/wideberth)

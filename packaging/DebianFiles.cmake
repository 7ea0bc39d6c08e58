# Adapts the installed files to Debian's policy before they are packed (CPACK_PRE_BUILD_SCRIPTS).
set(doc ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/selvage)
file(REMOVE ${doc}/LICENSE)  # in /usr/share/common-licenses
file(COPY ${CPACK_SELVAGE_DEBIAN}/copyright DESTINATION ${doc}
     FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)  # or SOURCE_DATE_EPOCH
set(version ${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})
file(WRITE ${doc}/changelog.Debian "selvage (${version}) unstable; urgency=medium

  * This version: see changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
file(GLOB texts ${doc}/changelog* ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/man/man8/*.8)
execute_process(COMMAND gzip -9n ${texts} COMMAND_ERROR_IS_FATAL ANY)
# Debian's folder for completions of packages.
file(RENAME ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/zsh/site-functions
     ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/zsh/vendor-completions)

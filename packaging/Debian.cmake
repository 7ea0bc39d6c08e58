# The Debian package: `cpack` in the build folder.
set(SELVAGE_MAINTAINER "The Selvage authors <maintainers@selvage.invalid>" CACHE STRING "Who made the package")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${SELVAGE_MAINTAINER})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_STRIP_FILES ON)
# With DESTDIR /etc is /etc.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_SOURCE_DIR}/DebianFiles.cmake)
set(CPACK_SELVAGE_DEBIAN ${CMAKE_CURRENT_SOURCE_DIR}/debian)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS nftables)
# Follows the project's own description.
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Selvage enforces Kubernetes NetworkPolicy on the nodes of a Flannel cluster.
The agent computes what the pods of its node may send and receive, and keeps
an nftables table up to date.
.
The service is neither enabled nor started: set the node's name in
/etc/selvage/agent.yaml first. Removing the package deletes the tables.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${CMAKE_CURRENT_SOURCE_DIR}/debian/conffiles ${CMAKE_CURRENT_SOURCE_DIR}/debian/postinst
    ${CMAKE_CURRENT_SOURCE_DIR}/debian/prerm ${CMAKE_CURRENT_SOURCE_DIR}/debian/postrm)

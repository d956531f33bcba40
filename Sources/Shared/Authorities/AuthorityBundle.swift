import Glibc

/// Where this machine keeps the certificate authorities that it trusts.
///
/// A TLS library looks where its own distribution keeps them. Beside an executable that was moved to another
/// distribution it would find nothing, so the places of the common ones are looked at here.
package enum AuthorityBundle {
  /// One PEM file with all authorities, by distribution.
  ///
  /// Source: the packages named, looked up on 2026-11-25; the same files that Go's `crypto/x509` reads on Linux.
  static let knownFiles = [
    "/etc/ssl/certs/ca-certificates.crt",  // Debian, Ubuntu, Arch, Alpine: ca-certificates
    "/etc/pki/tls/certs/ca-bundle.crt",  // Fedora, RHEL up to 9: ca-certificates
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL, CentOS: ca-certificates
    "/etc/ssl/ca-bundle.pem",  // openSUSE: ca-certificates
    "/etc/ssl/cert.pem",  // Alpine: ca-certificates-bundle
  ]

  /// The file that a user named in `SSL_CERT_FILE`, readable or not; else the first known file that can be read; nil
  /// when this machine has none.
  package static let system = find(
    named: getenv("SSL_CERT_FILE").map { String(cString: $0) }, isReadable: { access($0, R_OK) == 0 })

  /// What to do where there are none: a sentence's end.
  package static let advice =
    "this machine has no certificate authorities: install the package ca-certificates, or name a PEM file of them in "
    + "SSL_CERT_FILE"

  static func find(named: String?, isReadable: (String) -> Bool) -> String? {
    if let named, !named.isEmpty { return named }
    return knownFiles.first(where: isReadable)
  }
}

import COpenSSL
import Glibc

/// The two places where an OpenSSL looks for authorities by itself: a PEM file, and a folder of hashed names that is
/// read as needed (so it is preferred to a bundle, which costs milliseconds a context).
struct OpenSSLAuthorities {
  var file: String
  var folder: String

  /// Those it was built with, or `SSL_CERT_FILE` and `SSL_CERT_DIR`, which it honours itself.
  static var compiledIn: OpenSSLAuthorities {
    func place(_ variable: UnsafePointer<CChar>?, _ fallback: UnsafePointer<CChar>?) -> String {
      let named = variable.flatMap { getenv($0) }.map { String(cString: $0) }
      return named ?? fallback.map { String(cString: $0) } ?? ""
    }
    return OpenSSLAuthorities(
      file: place(X509_get_default_cert_file_env(), X509_get_default_cert_file()),
      folder: place(X509_get_default_cert_dir_env(), X509_get_default_cert_dir()))
  }

  /// False on a machine without the package ca-certificates, and beside an OpenSSL of another distribution.
  var isPopulated: Bool { access(file, R_OK) == 0 || folderHasEntries }

  private var folderHasEntries: Bool {
    guard let directory = opendir(folder) else { return false }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      if entry.pointee.d_name.0 != UInt8(ascii: ".") { return true }
    }
    return false
  }
}

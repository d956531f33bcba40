import AppStore
import COpenSSL
import Digests

/// A table's rows, counted and hashed in key order: equal on two stores exactly when every value of every row is.
package struct TableDigest: Sendable, Equatable {
  package var table: String
  package var rows: Int
  /// SHA-256 in hexadecimal.
  package var checksum: String
}

/// Hashes rows as they come. A value is a letter for its kind, its length and its bytes, so that no two different rows
/// have the same form.
struct RowHash: ~Copyable {
  private let context: OpaquePointer?
  private(set) var count = 0

  init() {
    context = EVP_MD_CTX_new()
    // A hash that isn't made would be the same for every table.
    precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "OpenSSL has no SHA-256")
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func add(_ row: [SQLValue]) {
    var bytes: [UInt8] = []
    for value in row {
      switch value {
      case .null: bytes += "n;".utf8
      case .integer(let number): bytes += "i\(number);".utf8
      case .real(let number): bytes += "r\(number.bitPattern);".utf8
      case .text(let text): bytes += "t\(text.utf8.count);\(text)".utf8
      }
    }
    bytes.append(UInt8(ascii: "\n"))
    precondition(EVP_DigestUpdate(context, bytes, bytes.count) == 1, "OpenSSL can't go on with a SHA-256")
    count += 1
  }

  consuming func digest(of table: StoreTable) -> TableDigest {
    var hash = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context, &hash, nil) == 1, "OpenSSL can't end a SHA-256")
    return TableDigest(table: table.name, rows: count, checksum: SHA256Digest.hexadecimal(hash))
  }
}

import AppBackup
import HTTPService

/// Tables with their counts and checksums, for people and for programs.
enum DigestText {
  static func lines(_ digests: [TableDigest]) -> [String] {
    let width = digests.map(\.table.count).max() ?? 0
    let digits = digests.map { String($0.rows).count }.max() ?? 0
    return digests.map { digest in
      let name = digest.table + String(repeating: " ", count: width - digest.table.count)
      let rows = String(repeating: " ", count: digits - String(digest.rows).count) + String(digest.rows)
      return "  \(name)  \(rows) \(digest.rows == 1 ? "row " : "rows")  sha256 \(digest.checksum.prefix(16))…"
    }
  }

  static func write(_ digest: TableDigest, to json: inout JSONWriter) {
    json.object { json in
      json.field("table", digest.table)
      json.field("rows", digest.rows)
      json.field("sha256", digest.checksum)
    }
  }
}

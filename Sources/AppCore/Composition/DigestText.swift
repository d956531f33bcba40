import AppBackup
import HTTPService
import Terminal
import Wording

/// Tables with their counts and checksums, for people and for programs.
enum DigestText {
  static func lines(_ digests: [TableDigest]) -> [String] {
    var table = TextTable([.left, .right, .left])
    for digest in digests {
      let rows = "\(digest.rows) \(digest.rows == 1 ? "row " : "rows")"
      table.add(digest.table, rows, "sha256 \(digest.checksum.prefix(16))…")
    }
    return table.lines()
  }

  static func write(_ digest: TableDigest, to json: inout JSONWriter) {
    json.object { json in
      json.field("table", digest.table)
      json.field("rows", digest.rows)
      json.field("sha256", digest.checksum)
    }
  }
}

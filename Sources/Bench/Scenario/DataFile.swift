import Documents
import Foundation
import Matching

/// The rows of a data file: CSV with a first line of names, or one JSON object a line (`.jsonl`, `.ndjson`).
struct DataFile {
  static let maximumBytes = 64 << 20
  static let maximumRows = 1_000_000

  var columns: [String]
  var rows: [[[UInt8]]]

  /// - Throws: `DataFileError`, which says the line.
  static func read(path: String) throws(DataFileError) -> DataFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw DataFileError(line: nil, what: "can't be read")
    }
    guard data.count <= maximumBytes else { throw DataFileError(line: nil, what: "is larger than 64 MiB") }
    let isLines = [".jsonl", ".ndjson"].contains { path.lowercased().hasSuffix($0) }
    return try isLines ? jsonLines(Array(data)) : csv(Array(data))
  }

  /// Source: RFC 4180; line ends of one or two characters, and a byte order mark is skipped.
  static func csv(_ bytes: [UInt8]) throws(DataFileError) -> DataFile {
    var records: [(line: Int, fields: [[UInt8]])] = []
    var fields: [[UInt8]] = []
    var field: [UInt8] = []
    var line = 1
    var start = 1
    var index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var isQuoted = false
    func isBlank() -> Bool { fields.isEmpty && field.isEmpty }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        if byte == 0x0A { line += 1 }
        if byte != 0x22 {
          field.append(byte)
        } else if index < bytes.count, bytes[index] == 0x22 {
          field.append(0x22)
          index += 1
        } else {
          isQuoted = false
        }
      } else if byte == 0x22, field.isEmpty {
        isQuoted = true
      } else if byte == 0x2C {
        fields.append(field)
        field = []
      } else if byte == 0x0A {
        if field.last == 0x0D { field.removeLast() }
        if !isBlank() { records.append((start, fields + [field])) }
        fields = []
        field = []
        line += 1
        start = line
      } else {
        field.append(byte)
      }
    }
    if isQuoted { throw DataFileError(line: start, what: "has a quote that doesn't end") }
    if !isBlank() { records.append((start, fields + [field])) }
    guard let header = records.first, records.count > 1 else {
      throw DataFileError(line: nil, what: "has no rows under a line of names")
    }
    guard records.count - 1 <= maximumRows else { throw DataFileError(line: nil, what: "has more than 1,000,000 rows") }
    let columns = header.fields.map { String(decoding: $0, as: UTF8.self) }
    for record in records.dropFirst() where record.fields.count != columns.count {
      throw DataFileError(
        line: record.line, what: "has \(record.fields.count) values, and its first line \(columns.count) names")
    }
    return DataFile(columns: columns, rows: records.dropFirst().map(\.fields))
  }

  /// The first line's keys are the columns; each line has a scalar for each.
  static func jsonLines(_ bytes: [UInt8]) throws(DataFileError) -> DataFile {
    var columns: [String] = []
    var paths: [JSONPath] = []
    var rows: [[[UInt8]]] = []
    for (number, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
      let text = Array(line)
      if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      if columns.isEmpty {
        guard
          case .mapping(let entries)? = try? DocumentReader().read(
            text: String(decoding: text, as: UTF8.self), file: ""
          ).content
        else { throw DataFileError(line: number + 1, what: "is no JSON object") }
        columns = entries.map(\.key)
        paths = columns.map { JSONPath(components: [.key(Array($0.utf8))]) }
      }
      var row: [[UInt8]] = []
      for (column, path) in zip(columns, paths) {
        guard let value = path.value(in: text)?.text else {
          throw DataFileError(line: number + 1, what: "has no text, number or boolean '\(column.excerpt)'")
        }
        row.append(value)
      }
      rows.append(row)
      if rows.count > maximumRows { throw DataFileError(line: nil, what: "has more than 1,000,000 rows") }
    }
    if rows.isEmpty { throw DataFileError(line: nil, what: "has no lines") }
    return DataFile(columns: columns, rows: rows)
  }
}

struct DataFileError: Error, Equatable {
  var line: Int?
  var what: String
}

package import Foundation
import Terminal

/// Evidence in files.
package enum EvidenceFile {
  /// The largest file that is read.
  package static let sizeLimit = 64 << 20

  /// Sorted keys, so that the same report has the same bytes.
  package static func encode(_ document: some EvidenceDocument) throws(EvidenceError) -> Data {
    do {
      return try Console.json(document)
    } catch {
      throw EvidenceError(.malformed, "\(type(of: document).schema.name) can't be encoded: \(reason(error))")
    }
  }

  package static func decode<Document: BoundedDocument>(
    _: Document.Type, from data: Data
  ) throws(EvidenceError) -> Document {
    let decoder = JSONDecoder()
    do {
      let stamp = try decoder.decode(StampedDocument.self, from: data).schema
      try stamp.require(name: Document.schema.name, version: Document.schema.version)
      let document = try decoder.decode(Document.self, from: data)
      try document.checkBounds()
      return document
    } catch let error as EvidenceError {
      throw error
    } catch {
      let number = UnreadNumber.path(error, in: data) { _ = try decoder.decode(Document.self, from: $0) }
      throw EvidenceError(
        .malformed,
        "not a report of \(Document.schema.name): \(number.map { "\($0): a whole number was expected" } ?? reason(error))"
      )
    }
  }

  /// - Throws: `EvidenceError`, its message beginning with the path.
  package static func read<Document: BoundedDocument>(
    _ type: Document.Type, from path: String
  ) throws(EvidenceError) -> Document {
    let data: Data
    do {
      let handle = try FileHandle(forReadingFrom: URL(filePath: path))
      defer { try? handle.close() }
      data = try handle.read(upToCount: sizeLimit + 1) ?? Data()
    } catch {
      throw EvidenceError(.unreadable, "\(path): can't be read: \(error.localizedDescription)")
    }
    guard data.count <= sizeLimit else {
      throw EvidenceError(.tooLarge, "\(path): larger than \(sizeLimit >> 20) MiB")
    }
    do {
      return try decode(type, from: data)
    } catch {
      throw EvidenceError(error.code, "\(path): \(error.message)")
    }
  }

  package static func write(_ document: some EvidenceDocument, to path: String) throws(EvidenceError) {
    try write(encode(document), to: path)
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    return switch error {
    case .keyNotFound(let key, let context): "\(path(context, key)) is missing"
    case .typeMismatch(_, let context), .dataCorrupted(let context), .valueNotFound(_, let context):
      "\(path(context)): \(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }

  private static func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
    let text = (context.codingPath + [key].compactMap(\.self)).reduce(into: "") { text, key in
      text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue
    }
    return text.isEmpty ? "the document" : text
  }
}

package import Foundation

/// Reads what browsers record: HTTP Archive 1.2.
package enum HARImport {
  /// What a browser adds by itself, connection by connection.
  private static let ownHeaders: Set<String> = [
    "host", "connection", "content-length", "transfer-encoding", "te", "upgrade", "expect", "trailer", "cookie",
    "accept-encoding", "user-agent", "cache-control", "pragma", "dnt", "priority", "upgrade-insecure-requests",
  ]

  private struct Archive: Decodable {
    var log: Log

    struct Log: Decodable { var entries: [Entry] }

    struct Entry: Decodable {
      var request: Request
      var response: Response?
    }

    struct Request: Decodable {
      var method: String
      var url: String
      var headers: [Pair]?
      var postData: PostData?
    }

    struct Response: Decodable { var status: Int? }

    struct Pair: Decodable {
      var name: String
      var value: String
    }

    struct PostData: Decodable { var text: String? }
  }

  /// The requests to the host of the first one, in their order; those to others are counted.
  package static func read(_ data: Data) throws(ImportError) -> (requests: [ImportedRequest], others: Int) {
    let archive: Archive
    do {
      archive = try JSONDecoder().decode(Archive.self, from: data)
    } catch {
      throw ImportError("no HTTP Archive: expected JSON with log.entries, each with a request's method and url")
    }
    let all = archive.log.entries.map { entry in
      ImportedRequest(
        method: entry.request.method.uppercased(), url: entry.request.url,
        headers: (entry.request.headers ?? []).filter { header in
          let name = header.name.lowercased()
          return !ownHeaders.contains(name) && !name.hasPrefix(":") && !name.hasPrefix("sec-")
        }.map { .init($0.name, $0.value) },
        body: entry.request.postData?.text,
        status: entry.response?.status.flatMap { (100...599).contains($0) ? $0 : nil })
    }
    guard let first = all.first, let origin = try? TargetURL.split(first.url).origin else {
      throw ImportError("no entry with an http or https URL")
    }
    let kept = all.filter { request in (try? TargetURL.split(request.url))?.origin == origin }
    return (kept, all.count - kept.count)
  }
}

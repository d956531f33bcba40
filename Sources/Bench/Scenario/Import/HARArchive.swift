/// What an HTTP Archive holds, as far as requests go. Source: HAR 1.2; fields with `_` are browsers' own.
struct HARArchive: Decodable {
  var log: Log

  struct Log: Decodable { var entries: [Entry] }

  struct Entry: Decodable {
    var startedDateTime: String?
    /// In milliseconds.
    var time: Double?
    var request: Request
    var response: Response?
    var resourceType: String?
    var fromCache: String?

    private enum CodingKeys: String, CodingKey {
      case startedDateTime, time, request, response
      case resourceType = "_resourceType"
      case fromCache = "_fromCache"
    }
  }

  struct Request: Decodable {
    var method: String
    var url: String
    var headers: [Pair]?
    var queryString: [Pair]?
    var cookies: [Pair]?
    var postData: PostData?
  }

  struct Response: Decodable {
    var status: Int?
    var headers: [Pair]?
    var error: String?
    var isFromServiceWorker: Bool?

    private enum CodingKeys: String, CodingKey {
      case status, headers
      case error = "_error"
      case isFromServiceWorker = "_fetchedViaServiceWorker"
    }
  }

  struct Pair: Decodable {
    var name: String
    var value: String?
  }

  /// A body as text, or as a form's fields.
  struct PostData: Decodable {
    var mimeType: String?
    var text: String?
    var params: [Field]?
    var encoding: String?
  }

  struct Field: Decodable {
    var name: String
    var value: String?
    var fileName: String?
    var contentType: String?
  }
}

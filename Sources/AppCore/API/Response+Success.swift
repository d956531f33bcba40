import HTTPService
import HTTPTypes
import Hummingbird
import Wording

extension Response {
  /// What was asked for was done: the shape that existing clients read.
  static func success(_ message: String, _ more: (inout JSONWriter) -> Void = { _ in }) -> Response {
    var json = JSONWriter()
    json.object { json in
      json.field("status", "success")
      json.field("message", message)
      more(&json)
    }
    return .json(json)
  }

  /// The same, for whoever asked alone: nobody on the way may keep it.
  var unkept: Response {
    var response = self
    response.headers[.cacheControl] = "private, no-store"
    return response
  }
}

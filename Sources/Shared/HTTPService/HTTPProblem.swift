package import HTTPTypes
package import Hummingbird
import NIOCore
package import Wording

/// An answer that isn't the one asked for: a status and `{"detail": "…"}`, the shape that existing clients read.
package struct HTTPProblem: HTTPResponseError, CustomStringConvertible {
  package var status: HTTPResponse.Status
  package var detail: String
  package var headers: HTTPFields

  package init(_ status: HTTPResponse.Status, _ detail: String, headers: HTTPFields = [:]) {
    self.status = status
    self.detail = detail
    self.headers = headers
  }

  package var description: String { "\(status.code) \(detail)" }

  package var response: Response {
    var json = JSONWriter()
    json.object { $0.field("detail", detail) }
    var response = Response.json(json, status: status)
    response.headers.append(contentsOf: headers)
    return response
  }

  package func response(from request: Request, context: some RequestContext) throws -> Response { response }
}

extension Response {
  package static func json(_ json: JSONWriter, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: json.bytes)))
  }
}

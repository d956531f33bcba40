import HTTPTypes
import Hummingbird
import NIOCore

/// The page behind the link in a mail. Nothing in it comes from outside.
enum UnsubscribePage {
  /// - Parameter asksFor: a button's word, which posts to the same address.
  static func response(
    _ sentence: StaticString, asksFor button: StaticString? = nil, status: HTTPResponse.Status = .ok
  ) -> Response {
    let form = button.map { "<form method=\"post\"><button>\($0)</button></form>" } ?? ""
    let html = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <meta name="robots" content="noindex"><title>\(sentence)</title>
      <style>body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;text-align:center}
      button{font:inherit;padding:.5rem 1.5rem;border:0;border-radius:6px;background:#4456c7;color:#fff}</style></head>
      <body><p>\(sentence)</p>\(form)</body></html>

      """
    return Response(
      status: status,
      headers: [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }
}

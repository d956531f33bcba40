import HTTPTypes
import Hummingbird
import NIOCore

/// The page behind a link in a mail. Nothing in it comes from outside.
enum LinkPage {
  /// - Parameters:
  ///   - sentence: what is asked or said.
  ///   - note: in small print.
  ///   - asksFor: a button's word, which posts to the same address.
  static func response(
    _ sentence: StaticString, note: StaticString? = nil, asksFor button: StaticString? = nil,
    status: HTTPResponse.Status = .ok
  ) -> Response {
    let form = button.map { "<form method=\"post\"><button>\($0)</button></form>" } ?? ""
    let note = note.map { "<p class=\"note\">\($0)</p>" } ?? ""
    let html = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
      <meta name="robots" content="noindex"><title>\(sentence)</title>
      <style>:root{color-scheme:light dark}
      body{font:18px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto;padding:0 1rem;text-align:center}
      button{font:inherit;font-weight:600;width:100%;min-height:3.5rem;padding:.75rem 1rem;border:0;border-radius:8px;
      background:#4456c7;color:#fff}button:focus-visible{outline:3px solid #9aa8ff;outline-offset:3px}
      .note{font-size:15px;opacity:.75}</style></head>
      <body><main><h1 style="font-size:1.35rem">\(sentence)</h1>\(form)\(note)</main></body></html>

      """
    return response(html: html, status: status)
  }

  /// A page of ours, which runs nothing and loads nothing.
  static func response(html: String, status: HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status,
      headers: [
        .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
        .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
  }
}

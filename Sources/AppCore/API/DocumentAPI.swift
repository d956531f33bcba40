package import HTTPService
import HTTPTypes
package import Hummingbird
import NIOCore
import Wording

/// The routes that say what there is: for programs, and for people.
package struct DocumentAPI: Sendable {
  /// Pages of ours run what is ours, and nothing else.
  private static let pagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'"

  private static let description = document(PackageResources.openapi_json, "application/json")
  private static let docs = document(PackageResources.docs_html, "text/html; charset=utf-8")
  private static let script = document(PackageResources.page_js, "text/javascript; charset=utf-8")
  private static let index = document(indexJSON, "application/json")
  private static let indexPage = document(PackageResources.index_html, "text/html; charset=utf-8")

  package init() {}

  package func addRoutes(to router: Router<ServiceContext>) {
    router.get("/") { request, _ in Self.first(request) }
    router.get("/openapi.json") { request, _ in Self.description.response(to: request) }
    router.get("/docs") { request, _ in Self.page(Self.docs.response(to: request)) }
    router.get("/docs/page.js") { request, _ in Self.script.response(to: request) }
  }

  /// A page for whoever names HTML; `*/*` is what programs say.
  private static func first(_ request: Request) -> Response {
    let isPage = request.headers[.accept].map(AcceptField.init)?.takes("text/html") == true
    var response = isPage ? page(indexPage.response(to: request)) : index.response(to: request)
    response.headers.append(HTTPField(name: .vary, value: "Accept"))
    return response
  }

  private static func page(_ response: Response) -> Response {
    var response = response
    response.headers[.contentSecurityPolicy] = pagePolicy
    return response
  }

  private static func document(_ bytes: [UInt8], _ type: String) -> KeptAnswer {
    KeptAnswer(bytes, contentType: type, cacheControl: "no-cache", isKept: true)
  }

  /// As the first version has it.
  private static var indexJSON: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.field("message", ScheduleAPI.name)
      json.field("version", "1.0.0")
      json.key("endpoints")
      json.object { json in
        json.field("schedules", "/schedules?date=DD/MM/YYYY")
        json.field("ingest", "/ingest-scraped-data (POST)")
        json.field("subscribe", "/subscribe (POST)")
        json.field("health", "/health")
      }
    }
    return json.bytes
  }
}

package import AppDomain
package import HTTPService
import HTTPTypes
package import Hummingbird
import NIOCore
import Synchronization

/// Serves the sample site over HTTP, dated from the day of each request.
package final class SampleSitePages: Sendable {
  private struct Issue {
    var baseURL: String
    var today: CalendarDay
    var site: SampleSite
  }

  private let today: @Sendable () -> CalendarDay
  private let baseURL = Mutex("")
  /// Rewriting all pages takes a while: they are kept for the day.
  private let issue = Mutex<Issue?>(nil)

  package init(today: @escaping @Sendable () -> CalendarDay) { self.today = today }

  /// Links lead to `address` from now on.
  package func isServed(at address: ListeningAddress) { baseURL.withLock { $0 = address.url } }

  package func makeRouter() -> Router<ServiceContext> {
    let router = ServiceRouter.make()
    router.get("/") { request, _ in try self.response(to: request) }
    router.get("/**") { request, _ in try self.response(to: request) }
    return router
  }

  private func response(to request: Request) throws -> Response {
    guard let page = currentSite().page(forPath: request.uri.path, query: request.uri.query) else {
      throw HTTPProblem(.notFound, "Not Found")
    }
    return Response(
      status: .ok, headers: [.contentType: page.contentType, .cacheControl: "no-cache"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.bytes)))
  }

  private func currentSite() -> SampleSite {
    let base = baseURL.withLock { $0 }
    let day = today()
    return issue.withLock { issue in
      if let issue, issue.baseURL == base, issue.today == day { return issue.site }
      let site = SampleSite(baseURL: base, today: day)
      issue = Issue(baseURL: base, today: day, site: site)
      return site
    }
  }
}

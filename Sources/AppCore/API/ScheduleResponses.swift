package import AppDomain
import HTTPService
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers `GET /schedules`: a body that was encoded before is sent again until the schedule changes.
package final class ScheduleResponses: Sendable {
  private let store: any ScheduleStore
  private let cache: BodyCache

  package init(store: any ScheduleStore, maximumEntries: Int = 256, maximumBytes: Int = 8 << 20) {
    self.store = store
    cache = BodyCache(maximumEntries: maximumEntries, maximumBytes: maximumBytes)
  }

  /// Call when rows have changed, before telling anybody that they have.
  package func scheduleChanged() { cache.invalidate() }

  /// What the cache holds now.
  package var cacheSize: (entries: Int, bytes: Int) { cache.size }

  func response(to request: Request) async throws -> Response {
    let date: String
    do {
      date = try ScheduleQuery(request.uri.query).date
    } catch {
      throw HTTPProblem(
        .unprocessableContent, "date: at most \(ScheduleQuery.maximumDateLength) characters were expected")
    }
    let entry: BodyCache.Entry
    if let cached = cache.entry(for: date) {
      entry = cached
    } else {
      let version = cache.version
      entry = Self.entry(try await store.duties(sheetContaining: date))
      cache.insert(entry, for: date, version: version)
    }
    if let condition = request.headers[.ifNoneMatch], EntityTag.matches(condition, entry.tag) {
      return Response(status: .notModified, headers: entry.notModifiedHeaders)
    }
    return Response(status: .ok, headers: entry.headers, body: ResponseBody(byteBuffer: entry.body))
  }

  private static func entry(_ duties: [StoredDuty]) -> BodyCache.Entry {
    let bytes = ScheduleJSON.encode(duties).bytes
    let tag = EntityTag.strong(of: bytes)
    let validators: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
    var headers = validators
    headers[.contentType] = "application/json"
    headers[.contentLength] = String(bytes.count)
    return BodyCache.Entry(
      body: ByteBuffer(bytes: bytes), tag: tag, headers: headers, notModifiedHeaders: validators)
  }
}

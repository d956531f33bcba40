import Curl

/// Fetches the source's pages: bounded, retried, and only from where they may come.
struct PageFetcher: Sendable {
  let send: @Sendable (CurlRequest) async throws(CurlError) -> CurlResponse
  let options: PortalScheduleSource.Options
  /// Whether plain http is spoken: only with a source that is itself http on loopback, and only with loopback.
  let allowsLoopbackHTTP: Bool
  let sleep: @Sendable (Duration) async throws -> Void
  let random: @Sendable () -> Double
  /// Seconds since 1970.
  let now: @Sendable () -> Double
  let cache = PageCache()

  private enum Outcome {
    case page(CurlResponse)
    case transient(ScrapeError, retryAfter: Duration?)
  }

  /// - Parameter isSource: whether people gave this URL; what pages link to is held to https.
  /// - Throws: `ScrapeError` code `.refusedURL`, `.unreachable`, `.outOfBounds` (too large) or `.cancelled`.
  func page(at url: String, isSource: Bool = false) async throws(ScrapeError) -> CurlResponse {
    try check(url, isSource: isSource)
    var attempt = 1
    while true {
      switch try await fetch(url) {
      case .page(let response):
        try check(response.effectiveURL, isSource: isSource && response.redirects == 0)
        return response
      case .transient(let error, let retryAfter):
        guard let delay = options.retry.delay(after: attempt, retryAfter: retryAfter, random: random()) else {
          throw error
        }
        do { try await sleep(delay) } catch {
          throw ScrapeError(.cancelled, "cancelled before \(CurlURL.redacted(url)) was fetched again")
        }
        attempt += 1
      }
    }
  }

  private func fetch(_ url: String) async throws(ScrapeError) -> Outcome {
    let known = cache.page(at: url)
    let request = CurlRequest(
      url: url, headers: [("Accept", "text/html,application/xhtml+xml")] + (known?.conditions ?? []),
      connectTimeout: options.connectTimeout,
      totalTimeout: options.pageTimeout, maxBodyBytes: options.maxPageBytes, maxRedirects: 5,
      redirectsOnlyToHTTPS: !allowsLoopbackHTTP, userAgent: options.userAgent, authorityFile: options.authorityFile)
    let response: CurlResponse
    do { response = try await send(request) } catch {
      let code: ScrapeError.Code =
        switch error.code {
        case .tooLarge: .outOfBounds
        case .cancelled: .cancelled
        default: .unreachable
        }
      let failure = ScrapeError(code, error.message, underlying: error)
      guard error.isTransient else { throw failure }
      return .transient(failure, retryAfter: nil)
    }
    if (200...299).contains(response.status) {
      cache.keep(response, at: url)
      return .page(response)
    }
    if response.status == 304, let known { return .page(known.response) }
    let failure = ScrapeError(
      .unreachable,
      "\(CurlURL.redacted(url)) answered with status \(response.status); check the URL and that the page is public")
    guard RetryPolicy.isTransient(status: response.status) else { throw failure }
    return .transient(
      failure,
      retryAfter: response.headers["Retry-After"].flatMap {
        RetryPolicy.retryAfter($0, at: response.headers["Date"].flatMap(HTTPDate.parse) ?? now())
      })
  }

  private func check(_ text: String, isSource: Bool) throws(ScrapeError) {
    guard let url = CurlURL(text) else { throw ScrapeError(.refusedURL, "'\(text.prefix(100))' is no URL") }
    if url.scheme == "https" || (url.scheme == "http" && (isSource || (allowsLoopbackHTTP && url.isLoopback))) {
      return
    }
    throw ScrapeError(
      .refusedURL, "\(CurlURL.redacted(text)) is not https; plain http is for a source on this machine only")
  }
}

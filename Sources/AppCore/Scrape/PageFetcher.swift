import Addresses
import Curl
import Glibc
import Timers

/// Fetches the source's pages: bounded, retried, and only from where they may come.
struct PageFetcher: Sendable {
  let send: @Sendable (CurlRequest) async throws(CurlError) -> CurlResponse
  let options: PortalScheduleSource.Options
  /// The host that people named: it may be inside their network, others may not.
  let sourceHost: String?
  /// Whether plain http is spoken: only with a source that is itself http on loopback, and only with loopback.
  let allowsLoopbackHTTP: Bool
  let wait: Wait
  let random: @Sendable () -> Double
  /// Seconds since 1970.
  let now: @Sendable () -> Double
  let cache = PageCache()

  private enum Outcome {
    case page(CurlResponse)
    case transient(ScrapeError, retryAfter: Duration?)
  }

  private static let maximumRedirects = 5

  /// - Parameter isSource: whether people gave this URL; what pages link to is held to https.
  /// - Throws: `ScrapeError` code `.refusedURL`, `.unreachable`, `.outOfBounds` (too large) or `.cancelled`.
  func page(at url: String, isSource: Bool = false) async throws(ScrapeError) -> CurlResponse {
    var (url, isSource) = (url, isSource)
    for redirects in 0...Self.maximumRedirects {
      // A redirect is judged like any link, before it is followed.
      try check(url, isSource: isSource)
      var response = try await retrying(url)
      guard let next = try Self.redirect(response) else {
        response.redirects = redirects
        return response
      }
      (url, isSource) = (next, false)
    }
    throw ScrapeError(
      .unreachable, "\(CurlURL.redacted(url)) redirects more than \(Self.maximumRedirects) times; give its final URL")
  }

  /// Where a response leads; nil for one that is no redirect. Source: RFC 9110 §15.4, §10.2.2.
  private static func redirect(_ response: CurlResponse) throws(ScrapeError) -> String? {
    guard [301, 302, 303, 307, 308].contains(response.status), let location = response.headers["Location"] else {
      return nil
    }
    guard let next = CurlURL(response.effectiveURL)?.resolving(location)?.text else {
      throw ScrapeError(
        .refusedURL,
        "\(CurlURL.redacted(response.effectiveURL)) redirects to '\(location.prefix(100))', which is no URL")
    }
    return next
  }

  private func retrying(_ url: String) async throws(ScrapeError) -> CurlResponse {
    var attempt = 1
    while true {
      switch try await fetch(url) {
      case .page(let response): return response
      case .transient(let error, let retryAfter):
        guard let delay = options.retry.delay(after: attempt, retryAfter: retryAfter, random: random()) else {
          throw error
        }
        await wait(delay)
        if Task.isCancelled {
          throw ScrapeError(.cancelled, "cancelled before \(CurlURL.redacted(url)) was fetched again")
        }
        attempt += 1
      }
    }
  }

  private func fetch(_ url: String) async throws(ScrapeError) -> Outcome {
    let known = cache.page(at: url)
    var request = CurlRequest(
      url: url, headers: [("Accept", "text/html,application/xhtml+xml")] + (known?.conditions ?? []),
      connectTimeout: options.connectTimeout,
      totalTimeout: options.pageTimeout, maxBodyBytes: options.maxPageBytes, maxRedirects: 0,
      userAgent: options.userAgent, authorityFile: options.authorityFile)
    request.addresses = rule(for: url)
    let response: CurlResponse
    do { response = try await send(request) } catch {
      let code: ScrapeError.Code =
        switch error.code {
        case .tooLarge: .outOfBounds
        case .cancelled: .cancelled
        case .addressRefused: .refusedURL
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
    if (300...399).contains(response.status), response.headers["Location"] != nil { return .page(response) }
    if response.status == 304, let known { return .page(known.response) }
    let failure = ScrapeError(
      .unreachable,
      "\(CurlURL.redacted(url)) answered with status \(response.status); check the URL and that the page is public")
    guard RetryPolicy.isTransient(status: response.status) else { throw failure }
    return .transient(failure, retryAfter: response.headers.retryAfter(at: now()))
  }

  /// What a page may be fetched from. Where a proxy is set up, the connection is to it, and it has to judge.
  private func rule(for text: String) -> CurlAddressRule {
    guard let url = CurlURL(text), url.host != sourceHost, !Self.hasProxy else { return .any }
    return allowsLoopbackHTTP && url.isLoopback ? .loopbackOnly : .publicOnly
  }

  private static let hasProxy = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains {
    name in
    guard let value = getenv(name) else { return false }
    return value.pointee != 0
  }

  private func check(_ text: String, isSource: Bool) throws(ScrapeError) {
    guard let url = CurlURL(text) else { throw ScrapeError(.refusedURL, "'\(text.prefix(100))' is no URL") }
    // An address that is written out needs no look-up to be judged.
    if let address = IPAddress(url.host), !rule(for: text).allows(address) {
      throw ScrapeError(
        .refusedURL,
        "\(CurlURL.redacted(text)) is inside a network; only the source that was named may be there")
    }
    if url.scheme == "https" || (url.scheme == "http" && (isSource || (allowsLoopbackHTTP && url.isLoopback))) {
      return
    }
    throw ScrapeError(
      .refusedURL, "\(CurlURL.redacted(text)) is not https; plain http is for a source on this machine only")
  }
}

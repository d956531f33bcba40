package import Curl
import Evidence
import Foundation
import Visits

/// Asks a service once, on a connection of its own, as a first visitor would.
package struct Probe: Sendable {
  private let client: CurlClient

  package init(client: CurlClient) { self.client = client }

  /// The largest body that is read.
  package static let maximumBodyBytes = 1 << 20
  package static let userAgent = "Outgrown/\(Version.number) (monitor)"

  /// - Parameters:
  ///   - accept: what the edge decides by: `text/html` gets the loading page of a sleeping service at once, anything
  ///     else is held until the service is awake.
  package func ask(
    _ url: String, method: String = "GET", accept: String = "*/*", timeout: Duration = .seconds(120),
    authorityFile: String? = nil
  ) async -> ProbeResult {
    let request = CurlRequest(
      method: method, url: url, headers: [("Accept", accept)], connectTimeout: min(.seconds(10), timeout),
      totalTimeout: timeout, maxBodyBytes: Self.maximumBodyBytes, maxRedirects: 0, userAgent: Self.userAgent,
      authorityFile: authorityFile, freshConnection: true, tellsCertificate: true)
    do {
      return Self.result(of: try await client.send(request), url: url)
    } catch {
      return ProbeResult(
        url: CurlURL.redacted(url), status: nil, edgeClass: .unknown, meaning: "no answer (\(error.code.rawValue))",
        failure: error)
    }
  }

  static func result(of response: CurlResponse, url: String) -> ProbeResult {
    let (edgeClass, meaning) = EdgeSignals.classify(
      status: response.status, headers: { response.headers[$0] }, body: response.body,
      path: CurlURL(url)?.path ?? "/")
    return ProbeResult(
      url: CurlURL.redacted(url), status: response.status, edgeClass: edgeClass, meaning: meaning,
      phases: ProbePhases(response.phases), headers: response.headers, body: response.body,
      address: response.primaryIP,
      certificateSeconds: response.certificateExpiry.map { $0 - Date().timeIntervalSince1970 })
  }
}

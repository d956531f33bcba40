package import Curl
package import Visits
import Wording

/// What one probe saw.
package struct ProbeResult: Sendable {
  /// Without user, password and query.
  package var url: String
  /// Nil when there was no complete answer.
  package var status: Int?
  package var edgeClass: EdgeClass
  /// In words.
  package var meaning: String
  package var phases: ProbePhases = ProbePhases()
  package var headers: CurlHeaders = CurlHeaders()
  package var body: [UInt8] = []
  package var address: String?
  /// How long the server's certificate is still valid; nil without one.
  package var certificateSeconds: Double?
  /// Why there was no answer.
  package var failure: CurlError?

  package var isConnected: Bool { status != nil || failure?.code == .reset || failure?.code == .protocol }

  package func header(_ name: String) -> String? { headers[name] }
}

/// How long each phase took, in milliseconds; they add up to the total, to rounding. Nil for one that there was none of.
package struct ProbePhases: Sendable, Equatable, Codable {
  package var dnsMilliseconds: Double?
  package var connectMilliseconds: Double?
  package var tlsMilliseconds: Double?
  /// From the request to the answer's first byte: what the service took, and the edge's holding back.
  package var firstByteMilliseconds: Double?
  package var transferMilliseconds: Double?
  package var totalMilliseconds: Double = 0

  package init() {}

  package init(_ phases: CurlPhases) {
    func step(_ end: Duration, after start: Duration) -> Double? {
      end > .zero ? max(0, ((end - start).seconds * 1e5).rounded() / 100) : nil
    }
    let connected = max(phases.connect, phases.tls)
    dnsMilliseconds = step(phases.dns, after: .zero)
    connectMilliseconds = step(phases.connect, after: phases.dns)
    tlsMilliseconds = step(phases.tls, after: phases.connect)
    firstByteMilliseconds = step(phases.firstByte, after: connected)
    transferMilliseconds = step(phases.total, after: phases.firstByte)
    totalMilliseconds = (phases.total.seconds * 1e5).rounded() / 100
  }

  private enum CodingKeys: String, CodingKey {
    case dnsMilliseconds = "dns_ms"
    case connectMilliseconds = "connect_ms"
    case tlsMilliseconds = "tls_ms"
    case firstByteMilliseconds = "first_byte_ms"
    case transferMilliseconds = "transfer_ms"
    case totalMilliseconds = "total_ms"
  }
}

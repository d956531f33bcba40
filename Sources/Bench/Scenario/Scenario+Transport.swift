import Addresses
package import BenchEngine

extension Scenario {
  /// How requests travel, as `defaults` say it.
  package struct Transport: Sendable {
    package var connections = ConnectionUse.perUser
    /// But those for connecting and the response, which the scenario has of its own.
    package var timeouts = PhaseTimeouts()
    package var nameTTL = Duration.seconds(60)
    package var family = AddressFamily.any
    package var connectTo: ConnectAddress?
    package var tls = TLSPlan()

    package init() {}
  }
}

extension ConnectAddress {
  /// Reads `host:port`, an IPv6 address in brackets; nil for anything else.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]), port > 0,
      text[text.index(after: colon)...].allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    var host = text[..<colon]
    if host.first == "[", host.last == "]" {
      host = host.dropFirst().dropLast()
      guard host.contains(":"), IPAddress(host: host) != nil else { return nil }
    } else {
      guard !host.isEmpty, host.utf8.count <= 253,
        host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) })
      else { return nil }
    }
    self.init(host: host.lowercased(), port: port)
  }
}

import Addresses
package import Terminal

/// Where load goes: scheme, host, port and a path in front of every step's.
package struct TargetURL: Sendable, Hashable, CustomStringConvertible {
  package enum Scheme: String, Sendable {
    case http, https

    package var defaultPort: UInt16 { self == .http ? 80 : 443 }
  }

  package var scheme: Scheme
  /// In lower case; an IPv6 address without its brackets.
  package var host: String
  package var port: UInt16
  /// Empty, or `/base` without a slash at its end.
  package var basePath: String

  package init(scheme: Scheme = .http, host: String, port: UInt16? = nil, basePath: String = "") {
    self.scheme = scheme
    self.host = host
    self.port = port ?? scheme.defaultPort
    self.basePath = basePath
  }

  /// Reads `http://host[:port][/base]`.
  /// - Throws: `ScenarioError` code `.target`.
  package static func parse(_ text: String) throws(ScenarioError) -> TargetURL {
    var (target, path) = try split(text)
    guard !path.contains("?") else {
      throw ScenarioError(.target, "the target '\(text)' has a query: give it in the steps' paths")
    }
    while path.last == "/" { path.removeLast() }
    target.basePath = path
    return target
  }

  /// Reads `http://host[:port]/path?query` as the origin and what is requested of it; `/` when there is no path.
  /// - Throws: `ScenarioError` code `.target`.
  package static func split(_ text: String) throws(ScenarioError) -> (origin: TargetURL, path: String) {
    func bad(_ reason: String) -> ScenarioError {
      ScenarioError(.target, "the target '\(text.prefix(80))' \(reason), such as http://127.0.0.1:8000")
    }
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
      throw bad("holds a space or a control character: write a URL")
    }
    guard let separator = text.firstRange(of: "://") else { throw bad("has no scheme: write http:// or https://") }
    guard let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased()) else {
      throw bad("has a scheme other than http and https: write one of them")
    }
    let rest = text[separator.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let tail = rest[authority.endIndex...]
    guard !authority.contains("@") else { throw bad("holds a user name: send an Authorization header") }
    guard !tail.contains("#") else { throw bad("holds a fragment, which is never sent: leave it out") }

    var host = authority
    var portText: Substring?
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { throw bad("has '[' without ']': write an address") }
      host = authority[authority.index(after: authority.startIndex)..<close]
      let after = authority[authority.index(after: close)...]
      guard after.isEmpty || after.first == ":" else { throw bad("has something after ']': write a port") }
      portText = after.isEmpty ? nil : after.dropFirst()
      guard host.contains(":"), IPAddress(host: host) != nil else {
        throw bad("has no IPv6 address in its brackets: write one")
      }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      portText = authority[authority.index(after: colon)...]
      guard portText?.contains(":") == false else { throw bad("needs an IPv6 address in brackets: write one") }
    }
    guard !host.isEmpty else { throw bad("has no host: write a URL") }
    if authority.first != "[" {
      let isName = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }
      guard isName, host.utf8.count <= 253 else { throw bad("has a host that is no DNS name: write a URL") }
    }
    var port = scheme.defaultPort
    if let portText {
      guard portText.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt16(portText), number > 0 else {
        throw bad("has no port from 1 to 65535 after its host: write a URL")
      }
      port = number
    }
    let origin = TargetURL(scheme: scheme, host: host.lowercased(), port: port)
    return (origin, tail.isEmpty ? "/" : tail.first == "?" ? "/" + tail : String(tail))
  }

  /// With brackets around an IPv6 address, and the port unless it is the scheme's own: RFC 9110 §7.2.
  package var hostHeader: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == scheme.defaultPort ? name : "\(name):\(port)"
  }

  package var description: String { "\(scheme.rawValue)://\(hostHeader)\(basePath)" }

  /// This machine, by the address as written or `localhost`; a name says nothing before it is resolved.
  package var isLoopback: Bool {
    host == "localhost" || host.hasSuffix(".localhost") || IPAddress(host: host)?.isLoopback == true
  }

  /// Likewise, or on a private network.
  package var isLoopbackOrPrivate: Bool {
    isLoopback || IPAddress(host: host)?.isLoopbackOrPrivate == true
  }
}

/// Why a target or the quick form can't be used.
package struct ScenarioError: ExitStating, Sendable, Equatable, CustomStringConvertible {
  package var code: Code
  package var message: String

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package enum Code: Sendable, Equatable { case target, quickForm }

  package var description: String { message }

  package var exitStatus: ExitStatus { .usage }
}

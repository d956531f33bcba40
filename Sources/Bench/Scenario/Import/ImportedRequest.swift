/// A request that another tool has recorded, or was told to make.
package struct ImportedRequest: Sendable, Equatable {
  /// As it is written.
  package var method: String
  /// With scheme and host.
  package var url: String
  package var headers: [Header] = []
  package var body: String?
  /// A file that is the body, instead of a text.
  package var bodyFile: String?
  /// A multipart form, instead of a body.
  package var parts: [Part] = []
  /// The status of the recorded answer.
  package var status: Int?
  /// How many are followed at most; nil for none.
  package var redirects: Int?
  /// Between its answer and the next request.
  package var pause: Duration?
  /// A name and a password that the shell fills in.
  package var basic: (user: String, password: String)?

  package static func == (left: Self, right: Self) -> Bool {
    left.method == right.method && left.url == right.url && left.headers == right.headers && left.body == right.body
      && left.bodyFile == right.bodyFile && left.parts == right.parts && left.status == right.status
      && left.redirects == right.redirects && left.pause == right.pause && left.basic?.user == right.basic?.user
      && left.basic?.password == right.basic?.password
  }

  var hasBody: Bool { body != nil || bodyFile != nil || !parts.isEmpty }

  func values(of header: String) -> [String?] {
    headers.filter { $0.name.lowercased() == header.lowercased() }.map(\.value)
  }

  /// A field of a multipart form: a text, or a file by its path.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var text: String?
    package var file: String?
    package var type: String?
    package var fileName: String?
  }

  package struct Header: Sendable, Equatable {
    package var name: String
    /// Nil: the line that would be sent unasked is not.
    package var value: String?
    /// An example that everybody may read, or already free of secrets.
    package var isPublic = false

    package init(_ name: String, _ value: String?, isPublic: Bool = false) {
      self.name = name
      self.value = value
      self.isPublic = isPublic
    }
  }
}

/// What another tool's file asks for, and what of it a scenario can't.
package struct ImportedRequests: Sendable {
  package var requests: [ImportedRequest] = []
  /// Why something was left out, and what.
  package var leftOut: [(reason: String, what: String)] = []
  /// What is not as it was, though nothing is missing.
  package var notes: [String] = []
  /// Users keep the cookies that they are given.
  package var keepsCookies = false
  /// The service's certificate is not verified.
  package var isInsecure = false
  package var authorityFile: String?

  package init() {}

  mutating func note(_ text: String) {
    if !notes.contains(text) { notes.append(text) }
  }

  /// A line for each reason: `left out, not http or https: 2 (data:…, ws://…)`.
  package var leftOutLines: [String] {
    var reasons: [String] = []
    for item in leftOut where !reasons.contains(item.reason) { reasons.append(item.reason) }
    return reasons.map { reason in
      let what = leftOut.filter { $0.reason == reason }.map(\.what)
      return
        "left out, \(reason): \(what.count) (\(what.prefix(5).joined(separator: ", "))\(what.count > 5 ? ", …" : ""))"
    }
  }
}

/// What the environment fills in, within imported texts: private characters around a name until the scenario is written.
enum EnvironmentMark {
  private static let open: Character = "\u{F0200}"
  private static let close: Character = "\u{F0201}"

  static func text(_ name: String) -> String { "\(open)\(name)\(close)" }
  /// The variable that stands for a credential of that name: `X_API_KEY` for `X-Api-Key`.
  static func variable(for name: String) -> String {
    let text = String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }.prefix(60))
    return text.first?.isNumber == true ? "_\(text)" : text
  }
  static func isIn(_ text: String) -> Bool { text.contains(open) || text.contains(close) }
  /// As a placeholder.
  static func written(_ text: String) -> String {
    text.replacing(String(open), with: "{{env.").replacing(String(close), with: "}}")
  }
  /// As the shell has it, for messages.
  static func shown(_ text: String) -> String {
    text.replacing(String(open), with: "$").replacing(String(close), with: "")
  }
  /// The first one's name.
  static func name(in text: String) -> String {
    String(text.drop { $0 != open }.dropFirst().prefix { $0 != close })
  }
}

/// Why another tool's file can't become a scenario.
package struct ImportError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}

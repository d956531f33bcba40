/// A request that another tool has recorded, or was told to make.
package struct ImportedRequest: Sendable, Equatable {
  /// In capitals.
  package var method: String
  /// With scheme and host.
  package var url: String
  package var headers: [Header]
  package var body: String?
  /// A multipart form, instead of a body.
  package var parts: [Part] = []
  /// The status of the recorded answer.
  package var status: Int?
  package var followsRedirects = false

  package init(method: String, url: String, headers: [Header] = [], body: String? = nil, status: Int? = nil) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.status = status
  }

  /// A field of a multipart form: a text, or a file by its path.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var text: String?
    package var file: String?
    package var type: String?

    init(name: String, text: String? = nil, file: String? = nil, type: String? = nil) {
      self.name = name
      self.text = text
      self.file = file
      self.type = type
    }
  }

  package struct Header: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }
}

/// Why another tool's file can't become a scenario.
package struct ImportError: Error, Sendable, Equatable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}

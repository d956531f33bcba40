import Documents

/// The values of `-F`: `name=text;type=…`, `name=@file;type=…;filename=…`, `name=<file`.
enum CurlForm {
  /// What curl takes a file for by its name's end. Source: curl's manual, `--form`.
  private static let types: [(ending: String, type: String)] = [
    (".gif", "image/gif"), (".jpg", "image/jpeg"), (".jpeg", "image/jpeg"), (".png", "image/png"),
    (".svg", "image/svg+xml"), (".txt", "text/plain"), (".htm", "text/html"), (".html", "text/html"),
    (".pdf", "application/pdf"), (".xml", "application/xml"),
  ]

  /// - Parameter contents: of a file, for `<`.
  static func part(
    _ text: String, shown: String, isText: Bool, contents: (String, String) throws(ImportError) -> [UInt8]
  ) throws(ImportError) -> [ImportedRequest.Part] {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
      throw ImportError("\(shown) \(EnvironmentMark.shown(text).excerpt) has no name before '='")
    }
    let name = String(text[..<equals])
    let value = text[text.index(after: equals)...]
    guard !isText else { return [.init(name: name, text: String(value))] }
    let isFile = value.hasPrefix("@")
    let isContent = value.hasPrefix("<")
    var rest = isFile || isContent ? value.dropFirst() : value
    let word = try self.word(&rest, endsAtComma: isFile, shown)
    guard rest.first != "," else {
      throw ImportError(
        "\(shown) \(EnvironmentMark.shown(text).excerpt): several files in one field; name each by itself")
    }
    var part = ImportedRequest.Part(name: name)
    while rest.first == ";" {
      rest = rest.dropFirst().drop { $0 == " " }
      if rest.lowercased().hasPrefix("type=") {
        part.type = Self.type(&rest)
      } else if rest.lowercased().hasPrefix("filename=") {
        rest = rest.dropFirst(9)
        part.fileName = try self.word(&rest, endsAtComma: isFile, shown)
      } else {
        let unknown = rest.prefix { $0 != ";" }
        throw ImportError(
          "\(shown) \(name.excerpt)=…;\(EnvironmentMark.shown(String(unknown)).excerpt): not known here; curl reads ';' as "
            + "the end of a value: use --form-string, or quote the value")
      }
    }
    if isFile {
      guard !word.isEmpty, word != "-" else { throw ImportError("\(shown) \(text.excerpt): expected name=@FILE") }
      part.file = word
      part.type = part.type ?? types.first { word.lowercased().hasSuffix($0.ending) }?.type
    } else if isContent {
      guard let content = String(validating: try contents(word, shown), as: UTF8.self) else {
        throw ImportError("\(shown) \(text.excerpt): a file's content that is no text")
      }
      part.text = content
    } else {
      part.text = word
    }
    return [part]
  }

  /// Up to a ';', or what is in double quotes.
  private static func word(
    _ rest: inout Substring, endsAtComma: Bool, _ shown: String
  ) throws(ImportError) -> String {
    if rest.first == "\"" {
      var text = ""
      var inner = rest.dropFirst()
      while let character = inner.popFirst() {
        if character == "\"" {
          let after = inner.drop { $0 == " " }
          guard after.isEmpty || after.first == ";" || endsAtComma && after.first == "," else { break }
          rest = after
          return text
        }
        if character == "\\", let next = inner.first, next == "\"" || next == "\\" {
          text.append(next)
          inner.removeFirst()
        } else {
          text.append(character)
        }
      }
    }
    let text = rest.prefix { $0 != ";" && !(endsAtComma && $0 == ",") }
    rest = rest[text.endIndex...]
    return String(text)
  }

  /// A media type keeps its own parameters.
  private static func type(_ rest: inout Substring) -> String {
    rest = rest.dropFirst(5)
    var type = String(rest.prefix { $0 != ";" })
    rest = rest[rest.index(rest.startIndex, offsetBy: type.count)...]
    while rest.first == ";" {
      let parameter = rest.dropFirst().prefix { $0 != ";" }
      let name = parameter.drop { $0 == " " }.lowercased()
      guard !["filename=", "headers=", "encoder=", "type="].contains(where: { name.hasPrefix($0) }) else { break }
      type += ";" + parameter
      rest = rest[parameter.endIndex...]
    }
    while type.last == " " { type.removeLast() }
    return type
  }
}

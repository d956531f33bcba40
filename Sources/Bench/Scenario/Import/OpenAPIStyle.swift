import BenchEngine
import Documents
import Secrets

/// How a parameter's value is written in its place. Source: OpenAPI 3.1.1, Style Values.
struct OpenAPIStyle {
  private let style: String
  private let explodes: Bool
  private let staysReserved: Bool

  init(_ parameter: DocumentNode, place: String) {
    style = parameter["style"]?.scalar?.text ?? (["query", "cookie"].contains(place) ? "form" : "simple")
    explodes = parameter["explode"]?.scalar?.boolean ?? (style == "form")
    staysReserved = parameter["allowReserved"]?.scalar?.boolean ?? false
  }

  func path(_ name: String, _ value: OpenAPIValues.Value) -> String {
    let name = Self.encoded(name)
    let texts = list(value, separator: "=").map(Self.encoded(pair:))
    switch (style, value) {
    case ("label", _): return "." + texts.joined(separator: explodes ? "." : ",")
    case ("matrix", .text): return ";\(name)=" + texts.joined()
    case ("matrix", .list) where explodes: return texts.map { ";\(name)=\($0)" }.joined()
    case ("matrix", .object) where explodes: return texts.map { ";\($0)" }.joined()
    case ("matrix", _): return ";\(name)=" + texts.joined(separator: ",")
    default: return texts.joined(separator: ",")
    }
  }

  func query(_ name: String, _ value: OpenAPIValues.Value) -> [String] {
    let key = Self.encoded(name)
    let encode = { (text: String) in staysReserved ? Self.reserved(text) : Self.encoded(text) }
    switch value {
    case .text(let text, _): return ["\(key)=\(encode(text))"]
    case .list(let items):
      let texts = items.map { encode($0.plain) }
      if explodes, !["spaceDelimited", "pipeDelimited"].contains(style) || texts.count == 1 {
        return texts.map { "\(key)=\($0)" }
      }
      let separator = style == "spaceDelimited" ? "%20" : style == "pipeDelimited" ? "%7C" : ","
      return ["\(key)=" + texts.joined(separator: separator)]
    case .object(let fields):
      if style == "deepObject" {
        return fields.map { "\(key)[\(Self.encoded($0.name))]=\(encode($0.value.plain))" }
      }
      if explodes { return fields.map { "\(Self.encoded($0.name))=\(encode($0.value.plain))" } }
      return ["\(key)=" + fields.map { "\(Self.encoded($0.name)),\(encode($0.value.plain))" }.joined(separator: ",")]
    }
  }

  func header(_ value: OpenAPIValues.Value) -> String { list(value, separator: "=").joined(separator: ",") }

  func cookie(_ name: String, _ value: OpenAPIValues.Value) -> [String] {
    if explodes, case .object(let fields) = value { return fields.map { "\($0.name)=\($0.value.plain)" } }
    if explodes, case .list(let items) = value { return items.map { "\(name)=\($0.plain)" } }
    return ["\(name)=\(list(value, separator: "=").joined(separator: ","))"]
  }

  private func list(_ value: OpenAPIValues.Value, separator: String) -> [String] {
    switch value {
    case .text(let text, _): [text]
    case .list(let items): items.map(\.plain)
    case .object(let fields):
      explodes
        ? fields.map { "\($0.name)\(separator)\($0.value.plain)" } : fields.flatMap { [$0.name, $0.value.plain] }
    }
  }

  // MARK: Texts

  /// A form's fields of one name: an array is several, an object is JSON.
  static func form(_ value: OpenAPIValues.Value, json: (OpenAPIValues.Value) -> String) -> [String] {
    switch value {
    case .text(let text, _): [text]
    case .list(let items): items.map { item in if case .text(let text, _) = item { text } else { json(item) } }
    case .object: [json(value)]
    }
  }

  static func isJSON(_ type: String) -> Bool {
    let plain = type.prefix { $0 != ";" }.lowercased()
    return plain == "application/json" || plain.hasSuffix("+json") || plain == "*/*"
  }

  static func isCredential(cookie pair: String) -> Bool {
    let name = String(pair.prefix { $0 != "=" })
    return SecretNames.isCredential(header: name, value: String(pair.dropFirst(name.count + 1)))
  }

  static func encoded(_ text: String) -> String { ValueEncoding.percent.text(text.utf8) }

  /// `name=value`, whose sign stays.
  private static func encoded(pair: String) -> String {
    pair.split(separator: "=", omittingEmptySubsequences: false).map { encoded(String($0)) }.joined(separator: "=")
  }

  /// Reserved characters stay, but for those that would end the value.
  private static func reserved(_ text: String) -> String {
    text.map { ":/?@!$'()*,;[]".contains($0) ? String($0) : encoded(String($0)) }.joined()
  }
}

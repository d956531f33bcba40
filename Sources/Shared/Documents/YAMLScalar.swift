/// Texts as YAML takes them back unchanged, in versions 1.1 and 1.2.
package enum YAMLScalar {
  /// A double-quoted scalar.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isEscaped(scalar.value):
        let digits = String(scalar.value, radix: 16)
        result += scalar.value < 0x100 ? "\\x" : "\\u"
        result += String(repeating: "0", count: (scalar.value < 0x100 ? 2 : 4) - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Controls, line separators, and what YAML calls not printable. Source: YAML 1.2.2 §5.1.
  private static func isEscaped(_ value: UInt32) -> Bool {
    value < 0x20 || (0x7F...0x9F).contains(value) || [0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(value)
      || (0xE000...0xF8FF).contains(value)
  }
}

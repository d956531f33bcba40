import Documents

/// A `json:` body: the author's keys in the author's order.
enum JSONBody {
  /// Notes what is wrong with any placeholder.
  static func checkPlaceholders(_ node: DocumentNode, _ problems: inout DocumentProblems) {
    switch node.content {
    case .scalar(let scalar): _ = Template(scalar, at: node.position, &problems)
    case .list(let nodes): for node in nodes { checkPlaceholders(node, &problems) }
    case .mapping(let entries): for entry in entries { checkPlaceholders(entry.value, &problems) }
    }
  }

  /// The JSON text. A scalar that is nothing but plain JSON stays what it is; all others are strings, in which
  /// placeholders are filled in.
  static func render(
    _ node: DocumentNode, _ values: TemplateValues, _ problems: inout DocumentProblems
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    write(node, values, &problems, into: &bytes)
    return bytes
  }

  /// The JSON text of a node as it stands.
  static func literal(_ node: DocumentNode) -> [UInt8] {
    var bytes: [UInt8] = []
    var problems = DocumentProblems(file: "")
    write(node, nil, &problems, into: &bytes)
    return bytes
  }

  private static func write(
    _ node: DocumentNode, _ values: TemplateValues?, _ problems: inout DocumentProblems, into bytes: inout [UInt8]
  ) {
    switch node.content {
    case .scalar(let scalar):
      if scalar.isNull {
        bytes += "null".utf8
      } else if let boolean = scalar.boolean {
        bytes += (boolean ? "true" : "false").utf8
      } else if scalar.number != nil {
        bytes += scalar.text.utf8
      } else if let values {
        // Its placeholders were checked when the file was read.
        var known = DocumentProblems(file: problems.file)
        let template = Template(scalar, at: node.position, &known)
        writeString(values.render(template, &problems), into: &bytes)
      } else {
        writeString(scalar.text, into: &bytes)
      }
    case .list(let nodes):
      bytes.append(UInt8(ascii: "["))
      for (index, node) in nodes.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        write(node, values, &problems, into: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .mapping(let entries):
      bytes.append(UInt8(ascii: "{"))
      for (index, entry) in entries.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        writeString(entry.key, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
        write(entry.value, values, &problems, into: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Source: RFC 8259 §7.
  private static func writeString(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case UInt8(ascii: "\n"): bytes += "\\n".utf8
      case UInt8(ascii: "\t"): bytes += "\\t".utf8
      case UInt8(ascii: "\r"): bytes += "\\r".utf8
      case 0..<0x20: bytes += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}

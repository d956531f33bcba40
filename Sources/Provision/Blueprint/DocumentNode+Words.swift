import Documents

/// Texts as this format has them: a plain number or boolean where a text is wanted is a mistake.
extension DocumentNode {
  static let identifierHint = "small letters, digits and -, a letter first, up to 40"

  func text(
    matching isValid: (String) -> Bool, _ expected: String, _ problems: inout DocumentProblems
  ) -> String? {
    guard let scalar, !scalar.isNull, scalar.boolean == nil, scalar.number == nil, isValid(scalar.text) else {
      return mismatch(expected, &problems)
    }
    return scalar.text
  }

  func text(upTo limit: Int, _ problems: inout DocumentProblems) -> String? {
    text(
      matching: { (1...limit).contains($0.unicodeScalars.count) && !$0.hasControlCharacters },
      "a text of 1 to \(limit) characters on one line", &problems)
  }

  func identifier(_ problems: inout DocumentProblems) -> String? {
    text(matching: \.isIdentifier, Self.identifierHint, &problems)
  }

  func relativePath(_ problems: inout DocumentProblems) -> String? {
    text(
      matching: {
        (1...200).contains($0.unicodeScalars.count) && !$0.hasPrefix("/") && $0.allSatisfy(\.isPathCharacter)
      },
      "a relative path of letters, digits, . _ - and /", &problems)
  }

  /// One of many words, with the nearest one when it is misspelt.
  func word(of words: [String], _ problems: inout DocumentProblems) -> String? {
    guard let text = scalar?.text, words.contains(text) else {
      return mismatch(RenderVocabulary.expected(for: scalar?.text ?? "", among: words), &problems)
    }
    return text
  }
}

extension String {
  var isIdentifier: Bool {
    guard let first = utf8.first, utf8.count <= 40 else { return false }
    return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
      && utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || $0 == UInt8(ascii: "-")
      }
  }

  package var isVariableName: Bool {
    guard let first = unicodeScalars.first, utf8.count <= 100 else { return false }
    func isLetter(_ scalar: Unicode.Scalar) -> Bool {
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
    return isLetter(first) && unicodeScalars.allSatisfy { isLetter($0) || ("0"..."9").contains($0) }
  }

  var hasControlCharacters: Bool { unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } }
}

extension Character {
  var isPathCharacter: Bool {
    isASCII && (isLetter || isNumber || self == "/" || self == "." || self == "_" || self == "-")
  }
}

extension Decision {
  /// One thing to do about the answer.
  package struct Step: Codable, Sendable, Equatable {
    package var kind: Kind
    /// In a sentence.
    package var what: String
    /// To type, to paste or to apply as it stands; null where the sentence is all.
    @Nullable package var text: String?
    /// What is to be known before it is done, with source and date; null for nothing.
    @Nullable package var note: String?

    package init(_ kind: Kind, _ what: String, text: String? = nil, note: String? = nil) {
      self.kind = kind
      self.what = what
      self.text = text
      self.note = note
    }

    package enum Kind: String, Codable, Sendable, CaseIterable {
      /// By hand, such as in the host's dashboard.
      case act
      /// Instead of the step before it.
      case or
      /// A command for a shell.
      case run
      /// A change of a file, as a diff.
      case change
      /// Where to say whether the answer was right.
      case tell
    }
  }
}

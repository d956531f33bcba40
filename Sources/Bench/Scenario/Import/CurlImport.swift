import Documents
import Foundation
import Wording

/// Reads command lines as browsers' “Copy as cURL” and people write them.
///
/// Source of the options' meaning: curl's manual (curl 7.88, read on 2026-11-25), and what curl 7.88 sends.
package enum CurlImport {
  /// - Parameter file: the bytes of a file that a command names; nil where it can't be read.
  /// - Throws: `ImportError` for what it doesn't know: leaving it out could make another request.
  package static func read(
    _ text: String, file: @escaping (String) -> [UInt8]? = { _ in nil }
  ) throws(ImportError) -> ImportedRequests {
    var imported = ImportedRequests()
    var jars = CookieJars()
    for command in try ShellCommand.commands(in: text) {
      var words = command.words[...]
      // A prompt that was copied with it.
      if words.first == "$" || words.first == "%" { words.removeFirst() }
      guard let first = words.popFirst(), first != "set" else { continue }
      if first == "sleep" {
        try pause(Array(words), &imported)
        continue
      }
      guard first == "curl" || first == "curl.exe" || first.hasSuffix("/curl") else {
        let shown = EnvironmentMark.shown(([first] + words + command.ignored).joined(separator: " ")).excerpt
        throw ImportError("'\(shown)': expected a line that begins with curl")
      }
      for ignored in command.ignored {
        imported.note("'\(ignored.excerpt)' is left out: it changes nothing about a request")
      }
      for arguments in words.split(separator: "--next").map(Array.init) {
        var command = try CurlCommand(arguments, input: command.input, file: file)
        try jars.add(command)
        imported.isInsecure = imported.isInsecure || command.isInsecure
        imported.authorityFile = command.authorityFile ?? imported.authorityFile
        imported.requests += try command.requests
        for note in command.notes { imported.note(note) }
      }
    }
    if imported.requests.isEmpty { throw ImportError("no curl command in it, or one without a URL") }
    imported.keepsCookies = jars.isUsed
    return imported
  }

  /// `sleep 2`, `sleep 0.5s`.
  private static func pause(_ words: [String], _ imported: inout ImportedRequests) throws(ImportError) {
    let text = words.first ?? ""
    let time = DurationText.parse(text.last?.isNumber == true ? text + "s" : text)
    guard words.count == 1, let time, Scenario.Bounds.think.contains(time) else {
      throw ImportError(
        "'sleep \(EnvironmentMark.shown(words.joined(separator: " ")).excerpt)': expected a time up to 1h")
    }
    // Before the first request there is nobody who could wait.
    guard let last = imported.requests.indices.last else { return }
    let whole = (imported.requests[last].pause ?? .zero) + time
    guard Scenario.Bounds.think.contains(whole) else {
      throw ImportError("sleeps of over 1h in a row: a user's longest")
    }
    imported.requests[last].pause = whole
  }
}

/// Which commands keep cookies between them, by `-c FILE` and `-b FILE`.
private struct CookieJars {
  private var written: Set<String> = []
  private(set) var isUsed = false
  private var hasOthers = false

  mutating func add(_ command: CurlCommand) throws(ImportError) {
    if let jar = command.jarRead, !jar.isEmpty, !written.contains(jar) {
      throw ImportError("-b \(jar.excerpt): a file of cookies; a scenario's users keep their own (-c before it)")
    }
    let uses = command.jarRead != nil || command.jarWritten != nil
    if let jar = command.jarWritten { written.insert(jar) }
    if uses { isUsed = true } else if isUsed { hasOthers = true }
    guard !isUsed || !hasOthers else {
      throw ImportError("a command without -b beside others that keep their cookies (-c, -b): import them apart")
    }
  }
}
